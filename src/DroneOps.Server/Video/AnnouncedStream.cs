using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;

namespace DroneOps.Server.Video;

/// <summary>Reads what a vehicle tells of a stream into the settings of one. Pure.</summary>
/// <remarks>For MPEG-TS over UDP and for RTP the URI is a port, and many write it as an address of theirs or with an empty host: it is always a port of ours. Only
/// the elementary formats differ: a transport stream in RTP is read, H.264 in RTP without one would need its session described, which MAVLink has no
/// place for.</remarks>
internal static class AnnouncedStream
{
    private const int Privileged = 1024;

    /// <param name="why">Why it is not used.</param>
    public static bool TryRead(string vehicleId, VideoStreamReading told, AnnouncedStreams used, [NotNullWhen(true)] out StreamSettings? settings, [NotNullWhen(false)] out string? why)
    {
        settings = null;
        if (!TryReadAddress(told, out var address, out why))
            return false;
        if (used == AnnouncedStreams.None || (address.IsFetched && used != AnnouncedStreams.All))
        {
            why = "DroneOps:Video:Announced does not admit it.";
            return false;
        }

        var kind = KindOf(told);
        var name = told.Name.Trim() is { Length: > 0 } own ? own : told.IsThermal ? "Thermal" : "Camera";
        var mode = address.IsFetched ? SourceMode.OnDemand : SourceMode.Always;
        settings = new($"{vehicleId}-{kind.ToString().ToLowerInvariant()}", vehicleId, kind, name, address, mode, null, null);
        return true;
    }

    public static VideoKind KindOf(VideoStreamReading told) => told.IsThermal ? VideoKind.Thermal : VideoKind.Visible;

    private static bool TryReadAddress(VideoStreamReading told, [NotNullWhen(true)] out SourceAddress? address, [NotNullWhen(false)] out string? why)
    {
        address = null;
        switch (told.Type)
        {
            case VideoStreamType.Rtsp:
                return SourceAddress.TryParse(told.Uri, out address, out why);
            case VideoStreamType.MpegTs:
                why = TryReadPort(told.Uri, out var port) ? null : $"'{told.Uri}' names no port from {Privileged} on.";
                address = why is null ? new(SourceScheme.Udp, "0.0.0.0", port, "", null) : null;
                return why is null;
            default:
                why = $"A stream of the kind {told.Type} is not read: MPEG-TS over UDP and RTSP are.";
                return false;
        }
    }

    // 5600, udp://@:5600, udp://192.168.144.25:5600
    private static bool TryReadPort(string uri, out int port)
    {
        var digits = uri.TrimEnd('/');
        digits = digits[(digits.LastIndexOf(':') + 1)..];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= Privileged and <= ushort.MaxValue;
    }
}

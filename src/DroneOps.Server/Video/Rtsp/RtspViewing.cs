using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using DroneOps.Media;
using DroneOps.Media.Rtp;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>Makes the viewings of all connections.</summary>
internal sealed class RtspViewings(VideoAudience audience, AuditLog audit, IOptions<VideoOptions> options, TimeProvider time)
{
    /// <summary>A viewing that is agreed on and has not begun.</summary>
    public RtspViewing Prepare(VideoStream stream, VideoCodec codec, PacketOutlet outlet, IDisposable? hearing) =>
        new(stream, codec, outlet, audience, audit, options.Value.ViewerQueue, time) { Hearing = hearing };
}

/// <summary>What SETUP agrees on, PLAY begins and TEARDOWN ends. That somebody watches is in the audit log before the first picture leaves, and how
/// long at the end.</summary>
/// <remarks>Owner: the connection.</remarks>
internal sealed class RtspViewing(VideoStream stream, VideoCodec codec, PacketOutlet outlet, VideoAudience audience, AuditLog audit, int queue, TimeProvider time) : IAsyncDisposable
{
    // The first numbers are at random (RFC 3550, 5.1), so that packets of another viewing are not taken for this one's.
    private readonly RtpPacketizer _packetizer = new(
        BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)), BitConverter.ToUInt16(RandomNumberGenerator.GetBytes(2)), BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)), outlet.Channel, RtpPacketizer.UsualPacket);

    private IDisposable? _place;
    private RtspPlay? _play;
    private ClaimsPrincipal? _user;
    private Task? _playing;

    public VideoStream Stream => stream;

    /// <summary>The number of the source in its packets.</summary>
    public uint Source => _packetizer.Source;

    /// <summary>The number that the next packet has.</summary>
    public ushort NextSequence => _packetizer.NextSequence;

    /// <summary>Whether it is seen without a word from the viewer that the viewer is there: its connection takes pictures.</summary>
    public bool NeedsNoSign => _playing is not null && outlet is InterleavedOutlet;

    /// <summary>What listens for the viewer's reports; ends with the viewing.</summary>
    public IDisposable? Hearing { get; init; }

    /// <summary>Takes a place for somebody and writes it down.</summary>
    /// <param name="end">Ends the connection; called when he may not watch any more.</param>
    /// <returns>False when there is no place.</returns>
    public async Task<bool> EnterAsync(ClaimsPrincipal user, IPAddress from, Action end, CancellationToken cancellation)
    {
        if (_play is not null)
            return true;
        _place = audience.Enter(user, end);
        if (_place is null)
            return false;
        var details = new { vehicleId = stream.Settings.VehicleId, form = "rtsp", transport = outlet.Name, from = (from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from).ToString() };
        await audit.AppendAsync(new AuditEntry(user.Actor(), "video.watched", $"video/{stream.Id}", details), cancellation);
        _user = user;
        _play = new RtspPlay(stream, codec, _packetizer, outlet, queue, time);
        return true;
    }

    /// <summary>Begins to play what was entered for, once.</summary>
    /// <param name="onEnd">Called with the reason when it ends by itself.</param>
    public void Begin(Action<string> onEnd)
    {
        if (_play is { } play && _playing is null)
            _playing = Task.Run(() => PlayAsync(play, onEnd), CancellationToken.None);
    }

    /// <summary>Ends the playing; it can begin again.</summary>
    public async Task PauseAsync()
    {
        if (_play is not { } play)
            return;
        _play = null;
        play.End();
        if (_playing is { } playing)
            await playing;
        else
            await EndedAsync(play, time.GetUtcNow());
        _playing = null;
        play.Dispose();
        _place?.Dispose();
        _place = null;
    }

    public async ValueTask DisposeAsync()
    {
        await PauseAsync();
        _place?.Dispose();
        Hearing?.Dispose();
    }

    private async Task PlayAsync(RtspPlay play, Action<string> onEnd)
    {
        var began = time.GetUtcNow();
        string reason;
        using (stream.Attend())
            reason = await play.RunAsync();
        await EndedAsync(play, began);
        if (_play == play)
            onEnd(reason);
    }

    private Task<long> EndedAsync(RtspPlay play, DateTimeOffset began) => audit.AppendAsync(
        new AuditEntry(_user!.Actor(), "video.watchEnded", $"video/{stream.Id}", new { seconds = Math.Round((time.GetUtcNow() - began).TotalSeconds, 1), pictures = play.Sent, dropped = play.Dropped }),
        CancellationToken.None);
}

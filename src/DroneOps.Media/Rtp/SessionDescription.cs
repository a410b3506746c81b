using System.Globalization;
using System.Text;
using DroneOps.Media.H26x;

namespace DroneOps.Media.Rtp;

/// <summary>What a viewer is told of a stream before it asks for it (SDP, RFC 4566), with all that a decoder must know.</summary>
public static class SessionDescription
{
    /// <param name="format">What the pictures are coded with.</param>
    /// <param name="name">What people call the stream.</param>
    /// <param name="session">A number that is this description's alone.</param>
    /// <param name="control">What the address of the one medium ends with.</param>
    public static string Of(VideoFormat format, string name, ulong session, string control)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(name);
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append("\r\n");

        Line($"v=0");
        Line($"o=- {session} 1 IN IP4 0.0.0.0");
        Line($"s={new string([.. name.Select(letter => char.IsControl(letter) ? ' ' : letter)])}");
        Line($"c=IN IP4 0.0.0.0");
        Line($"t=0 0");
        Line($"a=control:*");
        Line($"a=range:npt=now-");
        Line($"m=video 0 RTP/AVP {RtpPacketizer.PayloadType}");
        Line($"a=rtpmap:{RtpPacketizer.PayloadType} {(format.Codec == VideoCodec.H264 ? "H264" : "H265")}/{Picture.Clock}");
        Line($"a=fmtp:{RtpPacketizer.PayloadType} {Parameters(format)}");
        Line($"a=framesize:{RtpPacketizer.PayloadType} {format.Width}-{format.Height}");
        Line($"a=control:{control}");
        return text.ToString();
    }

    /// <summary>RFC 6184, 8.1, respectively RFC 7798, 7.1.</summary>
    internal static string Parameters(VideoFormat format)
    {
        if (format.Codec == VideoCodec.H264)
        {
            var sequence = format.ParameterSets.FirstOrDefault(set => NalUnit.KindOf(format.Codec, set.Span) == NalKind.SequenceParameterSet);
            return $"packetization-mode=1; sprop-parameter-sets={string.Join(',', format.ParameterSets.Select(Text))}; profile-level-id={Convert.ToHexString(sequence.Span.Slice(1, 3))}";
        }

        return $"sprop-vps={Sets(NalKind.VideoParameterSet)}; sprop-sps={Sets(NalKind.SequenceParameterSet)}; sprop-pps={Sets(NalKind.PictureParameterSet)}";

        string Sets(NalKind kind) => string.Join(',', format.ParameterSets.Where(set => NalUnit.KindOf(format.Codec, set.Span) == kind).Select(Text));
    }

    private static string Text(ReadOnlyMemory<byte> set) => Convert.ToBase64String(set.Span);
}

using System.Net.Sockets;
using DroneOps.Media;
using DroneOps.Media.Rtp;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>One viewing: pictures into packets as they come, and every few seconds a report. Pictures that a slow viewer cannot take are dropped in its
/// queue, up to the next key picture.</summary>
/// <remarks>Owner: its own loop, from <see cref="RunAsync"/> to its end.</remarks>
internal sealed class RtspPlay(VideoStream stream, VideoCodec described, RtpPacketizer packetizer, PacketOutlet outlet, int queue, TimeProvider time) : IDisposable
{
    /// <summary>Of the sender, in its reports.</summary>
    private const string Name = "droneops";

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);

    private readonly Viewer _viewer = stream.Live.Watch(queue);
    private readonly CancellationTokenSource _ended = new();
    private readonly RtpBatch _packets = new();
    private readonly RtpBatch _report = new();
    private DateTimeOffset _reportAt;

    /// <summary>Pictures sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Pictures that were dropped because this viewer was too slow.</summary>
    public long Dropped => _viewer.Dropped;

    /// <summary>Ends it; may be called at any time.</summary>
    public void End()
    {
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }

        _viewer.Nudge();
    }

    /// <summary>Plays until it is ended, the viewer takes nothing any more, or the stream is over or another than was described.</summary>
    /// <returns>Why it ended, in words for the log.</returns>
    public async Task<string> RunAsync()
    {
        try
        {
            do
            {
                while (!_ended.IsCancellationRequested && _viewer.TryTake(out var picture, out _))
                {
                    using (picture)
                    {
                        if (picture.Format.Codec != described)
                            return $"the stream is {picture.Format.Codec} now, not {described}";
                        await SendAsync(picture);
                    }
                }
            }
            while (await _viewer.WaitAsync() && !_ended.IsCancellationRequested);

            _report.Clear();
            RtcpReport.WriteGoodbye(packetizer.Source, ReportChannel, _report);
            await outlet.ReportAsync(_report, CancellationToken.None);
            return _ended.IsCancellationRequested ? "it was ended" : "the stream is over";
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or SocketException or TimeoutException or ObjectDisposedException)
        {
            // The viewer has gone, or is as good as gone.
            return gone is OperationCanceledException ? "it was ended" : gone.Message;
        }
    }

    public void Dispose()
    {
        _viewer.Dispose();
        _ended.Dispose();
    }

    private byte ReportChannel => (byte)(outlet.Channel + 1);

    private async ValueTask SendAsync(Picture picture)
    {
        _packets.Clear();
        packetizer.Write(picture, _packets);
        await outlet.SendAsync(_packets, _ended.Token);
        Sent++;

        // The first at once: without it a viewer does not know what time it is in the picture.
        var now = time.GetUtcNow();
        if (now < _reportAt)
            return;
        _reportAt = now + ReportEvery;
        _report.Clear();
        RtcpReport.WriteSender(packetizer, now, Name, ReportChannel, _report);
        await outlet.ReportAsync(_report, _ended.Token);
    }
}

using System.Buffers;
using DroneOps.Media;
using DroneOps.Server.Video.Hls;

namespace DroneOps.Server.Tests.Video.Hls;

/// <summary>How pictures are cut into parts and segments, and what a playlist says of them.</summary>
public sealed class HlsWindowTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 28, 6, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_playlist_names_segments_parts_and_the_part_to_come()
    {
        HlsWindow window = new();
        window.Begin([1]);
        window.Add(new([2], 0.4, true), Begin);
        window.Add(new([3], 0.36, false), Begin.AddSeconds(0.4));
        window.Cut();
        window.Add(new([4], 0.4, true), Begin.AddSeconds(0.76));
        window.Begin([5]);
        window.Add(new([6], 0.4, true), Begin.AddSeconds(10));

        // Written by hand after draft-pantos-hls-rfc8216bis, B.1 and 4.4.
        Assert.Equal(
            """
            #EXTM3U
            #EXT-X-VERSION:9
            #EXT-X-TARGETDURATION:2
            #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.2
            #EXT-X-PART-INF:PART-TARGET=0.4
            #EXT-X-MEDIA-SEQUENCE:1
            #EXT-X-DISCONTINUITY-SEQUENCE:0
            #EXT-X-MAP:URI="init-1.mp4"
            #EXT-X-PROGRAM-DATE-TIME:2026-11-28T06:00:00.000Z
            #EXT-X-PART:DURATION=0.4,URI="part-1-0.m4s",INDEPENDENT=YES
            #EXT-X-PART:DURATION=0.36,URI="part-1-1.m4s"
            #EXTINF:0.76,
            seg-1.m4s
            #EXT-X-PROGRAM-DATE-TIME:2026-11-28T06:00:00.760Z
            #EXT-X-PART:DURATION=0.4,URI="part-2-0.m4s",INDEPENDENT=YES
            #EXTINF:0.4,
            seg-2.m4s
            #EXT-X-DISCONTINUITY
            #EXT-X-MAP:URI="init-2.mp4"
            #EXT-X-PROGRAM-DATE-TIME:2026-11-28T06:00:10.000Z
            #EXT-X-PART:DURATION=0.4,URI="part-3-0.m4s",INDEPENDENT=YES
            #EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-3-1.m4s"

            """.ReplaceLineEndings("\n"),
            window.Playlist());
        Assert.Equal([[2], [3]], window.Find(1, null)!);
        Assert.Equal([[3]], window.Find(1, 1)!);
        Assert.Null(window.Find(3, null));
        Assert.Null(window.Find(1, 2));
        Assert.Equal([5], window.Beginning(2)!);
    }

    [Fact]
    public async Task Who_asks_for_what_is_to_come_gets_it_when_it_comes()
    {
        HlsWindow window = new();
        window.Begin([1]);
        var first = window.WaitAsync(1, 0, Token);
        Assert.False(first.IsCompleted);
        window.Add(new([2], 0.4, true), Begin);
        Assert.True(await first);
        var (second, whole, next) = (window.WaitAsync(1, 1, Token), window.WaitAsync(1, null, Token), window.WaitAsync(2, 0, Token));
        Assert.False(await window.WaitAsync(3, 0, Token));
        window.Add(new([3], 0.4, false), Begin);
        Assert.True(await second);
        Assert.False(whole.IsCompleted);
        window.Cut();
        window.Add(new([4], 0.4, true), Begin);
        Assert.True(await whole);
        Assert.True(await next);

        // A part that a segment never got is not waited for.
        Assert.True(await window.WaitAsync(1, 7, Token));
        var never = window.WaitAsync(2, 1, Token);
        window.End();
        Assert.False(await never);
    }

    [Theory]
    [InlineData(25, 25)]
    [InlineData(25, 250)]
    [InlineData(30, 60)]
    [InlineData(10, 1)]
    [InlineData(1, 1)]
    public void No_part_and_no_segment_is_longer_than_was_promised(int rate, int group)
    {
        HlsWindow window = new();
        using HlsCutter cutter = new(window);
        VideoFormat format = new(VideoCodec.H264, 16, 16, "avc1.42000D", new byte[] { 1, 66, 0, 13, 0xFF, 0xE0, 0 }, [new byte[] { 0x67, 66, 0, 13 }]);
        for (var number = 0; number < 20 * rate; number++)
        {
            using Picture picture = new(format, ArrayPool<byte>.Shared.Rent(16), 16) { IsKey = number % group == 0, Pts = number * 90_000L / rate, Dts = number * 90_000L / rate, ReceivedAt = Begin };
            cutter.Take(picture);
        }

        var lines = window.Playlist().Split('\n');
        var segments = lines.Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal)).Select(line => Number(line[8..^1])).ToList();
        var parts = lines.Where(line => line.StartsWith("#EXT-X-PART:", StringComparison.Ordinal)).Select(line => Number(line.Split("DURATION=")[1].Split(',')[0])).ToList();
        Assert.True(segments.Count >= 6);
        Assert.All(segments, seconds => Assert.InRange(seconds, 0.9, HlsWindow.TargetS + 0.001));

        // A camera of one picture a second cannot be cut finer.
        Assert.All(parts, seconds => Assert.InRange(seconds, 0.01, Math.Max(HlsWindow.PartTargetS, 1.0 / rate) + 0.001));

        static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }
}

using DroneOps.Media;
using DroneOps.Media.H26x;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Media;

public sealed class AccessUnitSplitterTests
{
    private static readonly byte[] Elementary = GoldenStream.Read("avc-camera.h264");

    [Property(MaxTest = 60)]
    public Property An_elementary_stream_gives_the_pictures_of_the_transport_stream_however_it_is_cut() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        int[] lengths = [.. Enumerable.Range(0, 5000).Select(_ => random.Next(1, random.Next(2) == 0 ? 20 : 4000))];
        List<Seen> pictures = [];
        AccessUnitSplitter splitter = new(VideoCodec.H264, picture => pictures.Add(Seen.Of(picture)));
        foreach (var piece in GoldenStream.Cut(Elementary, lengths))
            splitter.Push(piece.Span, 0, GoldenStream.Start);
        splitter.Flush();
        Assert.Equal(GoldenStream.Camera.Truth.Select(Unit), pictures.Select(Unit));
    });

    [Fact]
    public void A_picture_written_whole_is_handed_out_at_once_with_the_time_given()
    {
        List<Seen> pictures = [];
        AccessUnitSplitter splitter = new(VideoCodec.H264, picture => pictures.Add(Seen.Of(picture)));
        var position = 0;
        byte[] delimiter = [0, 0, 0, 1, 9];
        for (var number = 0; position < Elementary.Length; number++)
        {
            var next = Elementary.AsSpan(position + 1).IndexOf(delimiter);
            var length = next < 0 ? Elementary.Length - position : next + 1;
            splitter.Push(Elementary.AsSpan(position, length), number * 3600L, GoldenStream.Start);
            splitter.Flush();
            Assert.Equal(number + 1, pictures.Count);
            Assert.Equal(number * 3600L, pictures[^1].Pts);
            position += length;
        }

        Assert.Equal(GoldenStream.Camera.Truth.Select(Unit), pictures.Select(Unit));
    }

    private static (bool, int, string) Unit(Seen picture) => (picture.IsKey, picture.Size, picture.Hash);
}

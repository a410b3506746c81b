using DroneOps.Server.Telemetry;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Telemetry;

public sealed class PointBufferTests
{
    private readonly PointBuffer _buffer = new(5);
    private int _next;

    [Fact]
    public void Points_come_out_in_the_order_in_which_they_went_in()
    {
        Add(4);
        Assert.Equal([0, 1], Numbers(_buffer.Take(2)));
        Add(3);
        Assert.Equal([2, 3, 4, 5, 6], Numbers(_buffer.Take(10)));
        Assert.Empty(_buffer.Take(10));
        Assert.Equal(0, _buffer.Dropped);
    }

    [Fact]
    public void Full_it_drops_the_oldest_and_counts()
    {
        Add(8);
        Assert.Equal((5, 3), (_buffer.Count, _buffer.Dropped));
        Assert.Equal([3, 4, 5, 6, 7], Numbers(_buffer.Take(10)));
    }

    [Fact]
    public void A_batch_that_could_not_be_written_comes_first_again()
    {
        Add(4);
        var batch = _buffer.Take(2);
        Add(1);
        _buffer.PutBack(batch);
        Assert.Equal([0, 1, 2, 3, 4], Numbers(_buffer.Take(10)));
    }

    [Fact]
    public void Of_a_batch_that_has_no_room_any_more_the_newest_points_stay()
    {
        Add(5);
        var batch = _buffer.Take(4);
        Add(3);
        _buffer.PutBack(batch);
        Assert.Equal(3, _buffer.Dropped);
        Assert.Equal([3, 4, 5, 6, 7], Numbers(_buffer.Take(10)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_done_with_it_only_the_oldest_are_missing_and_all_of_them_are_counted(int seed)
    {
        var random = new Random(seed);
        var buffer = new PointBuffer(3000);
        var written = new List<int>();
        for (var round = 0; round < 500; round++)
        {
            for (var i = random.Next(200); i > 0; i--)
                buffer.Add(Points.At(1, TestServer.Begin, _next++));
            var batch = buffer.Take(random.Next(250));
            for (var i = random.Next(20); i > 0; i--)
                buffer.Add(Points.At(1, TestServer.Begin, _next++));
            if (random.Next(3) == 0)
                written.AddRange(Numbers(batch));
            else
                buffer.PutBack(batch);
        }

        written.AddRange(Numbers(buffer.Take(int.MaxValue)));
        Assert.Equal(written.Order().Distinct(), written);
        Assert.Equal(_next, written.Count + buffer.Dropped);
        Assert.Equal(Enumerable.Range(_next - 3000, 3000), written[^3000..]);
    }

    private void Add(int count)
    {
        for (var i = 0; i < count; i++)
            _buffer.Add(Points.At(1, TestServer.Begin, _next++));
    }

    private static IEnumerable<int> Numbers(TelemetryPoint[] points) => points.Select(point => point.AltitudeAboveHomeMm);
}

using DroneOps.Server.Video;

namespace DroneOps.Server.Tests.Video;

/// <summary>Datagrams of cameras: plain, in RTP, and what is neither.</summary>
public sealed class TransportDatagramTests
{
    private static readonly byte[] Seven = [.. Enumerable.Range(0, 7 * 188).Select(at => at % 188 == 0 ? (byte)0x47 : (byte)(at % 71))];

    [Theory]
    [InlineData("8021000100000002000000ff", "")]
    [InlineData("8121000100000002000000ff01020304", "")]
    [InlineData("9021000100000002000000ffbede000101020304", "")]
    [InlineData("a021000100000002000000ff", "000003")]
    public void What_follows_the_header_of_rtp_is_the_transport_stream(string header, string padding)
    {
        byte[] datagram = [.. Convert.FromHexString(header), .. Seven, .. Convert.FromHexString(padding)];
        Assert.Equal(Seven, TransportDatagram.Payload(datagram).ToArray());
        Assert.Equal(Seven, TransportDatagram.Payload(Seven).ToArray());
    }

    [Fact]
    public void A_header_that_promises_more_than_there_is_leaves_nothing_and_no_length_is_too_short()
    {
        Assert.Empty(TransportDatagram.Payload(Convert.FromHexString("8f21000100000002000000ff01")).ToArray());
        Assert.Empty(TransportDatagram.Payload(Convert.FromHexString("9021000100000002000000ffbedeffff01")).ToArray());
        Assert.Empty(TransportDatagram.Payload(Convert.FromHexString("a021000100000002000000ff01ff")).ToArray());
        var random = new Random(4711);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            Assert.InRange(TransportDatagram.Payload(bytes).Length, 0, bytes.Length);
        }
    }

    [Fact]
    public void A_transport_stream_is_known_wherever_it_was_cut_and_rubbish_is_not()
    {
        Assert.True(TransportDatagram.IsTransportStream(Seven));
        Assert.True(TransportDatagram.IsTransportStream(Seven.AsSpan(0, 188)));
        Assert.True(TransportDatagram.IsTransportStream(Seven.AsSpan(100)));
        Assert.False(TransportDatagram.IsTransportStream(Seven.AsSpan(0, 187)));
        Assert.False(TransportDatagram.IsTransportStream([]));
        var random = new Random(4711);
        var bytes = new byte[1316];
        for (var round = 0; round < 2000; round++)
        {
            random.NextBytes(bytes);
            Assert.False(TransportDatagram.IsTransportStream(bytes));
        }
    }

    [Fact]
    public void The_pause_between_two_tries_doubles_up_to_a_limit_and_is_drawn_by_lot()
    {
        Assert.Equal([0.375, 0.75, 1.5], new[] { 1, 2, 3 }.Select(failures => StreamSource.PauseAfter(failures, 0).TotalSeconds));
        Assert.Equal((22.5, 37.5), (StreamSource.PauseAfter(50, 0).TotalSeconds, StreamSource.PauseAfter(50, 1).TotalSeconds));
    }
}

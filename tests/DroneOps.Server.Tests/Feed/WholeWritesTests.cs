using System.Buffers;
using System.IO.Pipelines;
using DroneOps.Server.Feed;

namespace DroneOps.Server.Tests.Feed;

/// <summary>A message is one piece on its way to the socket.</summary>
public sealed class WholeWritesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5000)]
    [InlineData(60_000)]
    public async Task What_is_written_at_once_is_read_as_one_segment(int length)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var writer = new WholeWrites(pipe.Writer);
        var message = Bytes(length);
        await writer.WriteAsync(message, TestContext.Current.CancellationToken);

        var read = await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.True(read.Buffer.IsSingleSegment);
        Assert.Equal(message, read.Buffer.ToArray());
    }

    [Fact]
    public async Task Messages_of_any_length_keep_their_bytes_and_their_order()
    {
        var random = new Random(3);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var writer = new WholeWrites(pipe.Writer);
        List<byte> written = [];
        for (var i = 0; i < 40; i++)
        {
            var message = Bytes(random.Next(0, i % 10 == 0 ? 400_000 : 9000));
            written.AddRange(message);
            await writer.WriteAsync(message, TestContext.Current.CancellationToken);
        }

        await writer.CompleteAsync();
        ReadResult read;
        do
        {
            read = await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
            pipe.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
        while (!read.IsCompleted);
        read = await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(written, read.Buffer.ToArray());
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}

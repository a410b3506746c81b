using System.IO.Pipelines;

namespace DroneOps.Server.Feed;

/// <summary>Keeps a message in one piece on its way to the socket. A pipe cuts what is written to it into segments of 4 kB, and SignalR sends each
/// as a frame and with a system call of its own: for a batch of a large fleet ten times the work.</summary>
internal sealed class WholeWrites(PipeWriter inner) : PipeWriter
{
    /// <summary>Beyond this the pieces are no longer the cost.</summary>
    private const int MostAtOnce = 128 * 1024;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        for (var left = source.Span; left.Length > 0;)
        {
            var length = Math.Min(left.Length, MostAtOnce);
            left[..length].CopyTo(inner.GetSpan(length));
            inner.Advance(length);
            left = left[length..];
        }

        return inner.FlushAsync(cancellationToken);
    }

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    /// <summary>A connection's two directions, of which one writes whole messages.</summary>
    internal sealed class Duplex(IDuplexPipe inner) : IDuplexPipe
    {
        public PipeReader Input => inner.Input;

        public PipeWriter Output { get; } = new WholeWrites(inner.Output);
    }
}

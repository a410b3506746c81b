using System.IO.Pipelines;

namespace DroneOps.Server.Feed;

/// <summary>One answer of server-sent events: whoever writes waits until the client has room, so what it missed is newer when it is sent.</summary>
/// <remarks>Owner of the pipe: whoever has the turn. The events, the vehicles and the heartbeat each come from a loop of their own.</remarks>
internal sealed class FeedStream(PipeWriter output) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Writes an event; completes when there is room for the next.</summary>
    public ValueTask WriteAsync(FeedMessage message, CancellationToken cancellation) => WriteAsync(message.Stream, cancellation);

    /// <summary>Writes bytes that are an event or a comment.</summary>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (await output.WriteAsync(text, cancellation) is { IsCompleted: true } or { IsCanceled: true })
                throw new OperationCanceledException("The client has gone.");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}

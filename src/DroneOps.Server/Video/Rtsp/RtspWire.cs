namespace DroneOps.Server.Video.Rtsp;

/// <summary>The connection's side that is written to: answers, and pictures between them. One write at a time; a viewer that takes nothing for too long
/// is gone.</summary>
internal sealed class RtspWire(Stream stream, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Writes all of it. What was begun is written to its end: after half a packet the viewer would take the next answer for the other half.</summary>
    /// <param name="cancellation">Ends the waiting for the write before.</param>
    /// <exception cref="TimeoutException">The viewer has not taken it in time. The connection is of no use any more.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var writing = stream.WriteAsync(bytes, CancellationToken.None);
            if (writing.IsCompletedSuccessfully)
                await writing;
            else
                await writing.AsTask().WaitAsync(WriteLimit, time, CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}

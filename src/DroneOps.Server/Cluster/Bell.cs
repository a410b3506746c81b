using System.Threading.Channels;

namespace DroneOps.Server.Cluster;

/// <summary>Wakes a loop. Rung several times before the loop looks, it looks once; rung while it looks, it looks again. From the ring to the
/// end of the look it counts as work in hand, so a run on virtual time waits for it.</summary>
/// <remarks>Anybody rings; one loop answers.</remarks>
internal sealed class Bell(Quiescence quiescence) : IDisposable
{
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    /// <summary>Asks the loop to look; never waits.</summary>
    public void Ring()
    {
        quiescence.Begin();
        if (!_rings.Writer.TryWrite(true))
            quiescence.End();
    }

    /// <summary>The loop: looks at each ring until cancelled or disposed.</summary>
    /// <param name="look">What it does; an exception ends the loop.</param>
    /// <param name="cancellation">Ends the loop.</param>
    public async Task AnswerAsync(Func<CancellationToken, Task> look, CancellationToken cancellation)
    {
        await foreach (var _ in _rings.Reader.ReadAllAsync(cancellation))
        {
            try
            {
                await look(cancellation);
            }
            finally
            {
                quiescence.End();
            }
        }
    }

    public void Dispose()
    {
        _rings.Writer.TryComplete();
        while (_rings.Reader.TryRead(out _))
            quiescence.End();
    }
}

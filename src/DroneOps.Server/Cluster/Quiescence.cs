namespace DroneOps.Server.Cluster;

/// <summary>Counts the work that is queued or in hand anywhere in the process, so that a run on virtual time can let the clock
/// step only when the last step has been dealt with, and a shutdown can wait for what was begun.</summary>
/// <remarks>Whoever hands work to another loop calls <see cref="Begin"/> before it queues and lets the receiver call
/// <see cref="End"/> after it has handled it. Two interlocked operations per hand-over; no lock while nobody waits.</remarks>
internal sealed class Quiescence
{
    private readonly Lock _gate = new();
    private long _inHand;
    private TaskCompletionSource? _idle;

    /// <summary>Pieces of work queued or in hand.</summary>
    public long InHand => Interlocked.Read(ref _inHand);

    /// <summary>Work is about to be queued.</summary>
    public void Begin() => Interlocked.Increment(ref _inHand);

    /// <summary>Work has been handled, dropped or refused.</summary>
    public void End()
    {
        if (Interlocked.Decrement(ref _inHand) != 0)
            return;
        TaskCompletionSource? idle;
        lock (_gate)
        {
            idle = _idle;
            _idle = null;
        }

        idle?.TrySetResult();
    }

    /// <summary>Counts a block of work: <c>using (quiescence.Work()) ...</c>.</summary>
    public Scope Work()
    {
        Begin();
        return new Scope(this);
    }

    /// <summary>Completes when nothing is queued or in hand. Something may begin right after: the caller knows what it waits for.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (InHand == 0)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // The count may have reached zero between the two reads, when nobody was there to be told.
            if (InHand == 0)
            {
                _idle.TrySetResult();
                _idle = null;
                return Task.CompletedTask;
            }

            return _idle.Task;
        }
    }

    /// <summary>One piece of work; disposing it ends it.</summary>
    internal readonly struct Scope(Quiescence quiescence) : IDisposable
    {
        public void Dispose() => quiescence.End();
    }
}

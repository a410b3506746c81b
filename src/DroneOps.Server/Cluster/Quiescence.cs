namespace DroneOps.Server.Cluster;

/// <summary>Counts the work that is queued or in hand anywhere in the process, so that a run on virtual time can let the clock
/// step only when the last step has been dealt with, and a shutdown can wait for what was begun.</summary>
/// <remarks>Whoever hands work to another loop calls <see cref="Begin"/> before it queues and lets the receiver call
/// <see cref="End"/> after it has handled it. Two interlocked operations per hand-over; no lock while nobody waits. A task that waits for a
/// vehicle in between is an <see cref="Errand"/>: the vehicle needs time to answer, so the wait must not hold the clock.</remarks>
internal sealed class Quiescence
{
    private readonly Lock _gate = new();
    private long _inHand;
    private TaskCompletionSource? _idle;
    private long _errands;
    private long _answersAwaited;

    /// <summary>Pieces of work queued or in hand; an errand is one unless it waits for a vehicle.</summary>
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

    /// <summary>Counts a task of several steps, some of which wait for the answer of a vehicle's loop: <c>using (quiescence.Errand()) ...</c>.
    /// It is in hand, except while a loop has its order.</summary>
    public ErrandScope Errand()
    {
        Turn(errands: 1, answersAwaited: 0);
        return new ErrandScope(this);
    }

    /// <summary>A loop has an order whose end somebody awaits.</summary>
    public void BeginAnswer() => Turn(errands: 0, answersAwaited: 1);

    /// <summary>The order has ended, and whoever awaited it goes on.</summary>
    public void EndAnswer() => Turn(errands: 0, answersAwaited: -1);

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

    private void Turn(int errands, int answersAwaited)
    {
        lock (_gate)
        {
            var before = Math.Max(0, _errands - _answersAwaited);
            _errands += errands;
            _answersAwaited += answersAwaited;
            var change = Math.Max(0, _errands - _answersAwaited) - before;
            if (change > 0)
                Interlocked.Add(ref _inHand, change);
            for (; change < 0; change++)
                End();
        }
    }

    /// <summary>One errand; disposing it ends it.</summary>
    internal readonly struct ErrandScope(Quiescence quiescence) : IDisposable
    {
        public void Dispose() => quiescence.Turn(errands: -1, answersAwaited: 0);
    }

    /// <summary>One piece of work; disposing it ends it.</summary>
    internal readonly struct Scope(Quiescence quiescence) : IDisposable
    {
        public void Dispose() => quiescence.End();
    }
}

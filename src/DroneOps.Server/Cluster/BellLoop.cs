namespace DroneOps.Server.Cluster;

/// <summary>A hosted loop that looks when its bell is rung, and has it rung at regular times. What a class reads or subscribes to before its first look it
/// does before it starts this one.</summary>
/// <param name="quiescence">Counts the looks as work in hand.</param>
/// <param name="time">The clock of the regular times.</param>
/// <param name="first">From the start to the first of them; infinite where there are none.</param>
/// <param name="every">From one to the next.</param>
internal abstract class BellLoop(Quiescence quiescence, TimeProvider time, TimeSpan first, TimeSpan every) : BackgroundService
{
    private readonly Bell _bell = new(quiescence);
    private ITimer? _timer;

    protected Quiescence Quiescence => quiescence;

    protected TimeProvider Time => time;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => OnTime(), null, first, every);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _timer?.Dispose();
        _bell.Dispose();
        base.Dispose();
    }

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _bell.AnswerAsync(LookAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
    }

    /// <summary>Does what is to be done now; an exception ends the loop.</summary>
    protected abstract Task LookAsync(CancellationToken cancellation);

    /// <summary>One of the regular times has come; a loop that has nothing to look at then does not ring.</summary>
    protected virtual void OnTime() => Ring();

    /// <summary>Asks for a look; never waits.</summary>
    protected void Ring() => _bell.Ring();

    /// <summary>Asks for a look after a pause, for a loop without regular times; one that was asked for before is put off.</summary>
    protected void RingAfter(TimeSpan pause) => _timer?.Change(pause, Timeout.InfiniteTimeSpan);
}

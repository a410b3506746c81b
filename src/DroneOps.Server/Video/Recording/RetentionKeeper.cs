using DroneOps.Server.Cluster;

namespace DroneOps.Server.Video.Recording;

/// <summary>Has recordings deleted when they are due: looks once an hour, and each minute while there is no room for new ones.</summary>
/// <remarks>Owner: its own loop. What fails is tried again.</remarks>
internal sealed class RetentionKeeper(RetentionDesk desk, DiskRoom room, Quiescence quiescence, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Bell _bell = new(quiescence);
    private ITimer? _timer;
    private DateTimeOffset _looked = DateTimeOffset.MinValue;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        desk.FinishDeletions();
        _timer = time.CreateTimer(_ => _bell.Ring(), null, Every, Every);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _timer?.Dispose();
        _bell.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _bell.AnswerAsync(LookAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing; the rest is deleted after the next start.
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now - _looked < Hour && room.HasRoom)
            return;
        _looked = now;
        await desk.DeleteDueAsync(cancellation);
    }
}

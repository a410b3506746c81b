using DroneOps.Server.Cluster;

namespace DroneOps.Server.Video.Recording;

/// <summary>Has recordings deleted when they are due: looks once an hour, and each minute while there is no room for new ones.</summary>
/// <remarks>Owner: its own loop. What fails is tried again.</remarks>
internal sealed class RetentionKeeper(RetentionDesk desk, DiskRoom room, Quiescence quiescence, TimeProvider time) : BellLoop(quiescence, time, Every, Every)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private DateTimeOffset _looked = DateTimeOffset.MinValue;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        desk.FinishDeletions();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        var now = Time.GetUtcNow();
        if (now - _looked < RetentionDesk.LooksEvery && room.HasRoom)
            return;
        _looked = now;
        await desk.DeleteDueAsync(cancellation);
    }
}

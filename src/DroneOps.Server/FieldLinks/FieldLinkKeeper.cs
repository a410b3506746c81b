using DroneOps.Server.Cluster;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;

namespace DroneOps.Server.FieldLinks;

/// <summary>Ends links when their incident is closed, and notes those whose time is over.</summary>
/// <remarks>Owner: its own loop. Nobody waits for it: a link whose time is over or whose incident is closed opens nothing, noted or not.</remarks>
internal sealed partial class FieldLinkKeeper(FieldLinkBook book, IncidentChanges changes, Quiescence quiescence, TimeProvider time, ILogger<FieldLinkKeeper> logger) : BellLoop(quiescence, time, Every, Every)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        changes.Changed += OnChanged;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        changes.Changed -= OnChanged;
        await base.StopAsync(cancellationToken);
    }

    private void OnChanged(IncidentView incident)
    {
        if (incident.State == IncidentState.Closed)
            Ring();
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await book.SweepAsync(cancellation);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotSwept(error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The ends of field links could not be written now")]
    private partial void LogNotSwept(Exception error);
}

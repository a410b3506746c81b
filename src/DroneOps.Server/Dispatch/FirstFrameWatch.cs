using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using DroneOps.Server.Video;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Dispatch;

/// <summary>Writes the first frame on the time axis: the first picture that arrives from a drone once it is at the scene. A picture of the way there
/// shows nothing of what the call is about.</summary>
/// <remarks>Owner of the tasks that wait for a picture, one for each drone at a scene without a first frame.</remarks>
internal sealed class FirstFrameWatch(
    IncidentChanges changes, IncidentBook book, FirstPictures pictures, LateWrites late, IDbContextFactory<FleetDb> databases, Quiescence quiescence) : BackgroundService
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid Incident, string VehicleId), CancellationTokenSource> _waiting = [];
    private CancellationToken _stopping;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        changes.Changed += Look;
        try
        {
            await using (var db = await databases.CreateDbContextAsync(stoppingToken))
            {
                foreach (var row in await db.Set<IncidentRecord>().AsNoTracking().Where(row => row.HasDronesUnderWay).ToListAsync(stoppingToken))
                    Look(IncidentView.Of(row));
            }

            TaskCompletionSource closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registered = stoppingToken.Register(closing.SetResult);
            await closing.Task;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
        finally
        {
            changes.Changed -= Look;
        }
    }

    /// <summary>Keeps up with which drones are at a scene without a first frame.</summary>
    private void Look(IncidentView incident)
    {
        var isReached = incident.TimeAxis.Any(stage => stage is { Stage: nameof(IncidentStage.FirstFrame), At: not null });
        var there = isReached || incident.State == IncidentState.Closed
            ? []
            : incident.Drones.Where(drone => drone is { State: DroneState.OnScene, OnSceneAt: not null }).ToDictionary(drone => (incident.Id, drone.VehicleId), drone => drone.OnSceneAt!.Value);
        lock (_gate)
        {
            foreach (var gone in _waiting.Keys.Where(key => key.Incident == incident.Id && !there.ContainsKey(key)).ToList())
            {
                if (_waiting.Remove(gone, out var ended))
                    ended.Cancel();
            }

            foreach (var (key, from) in there)
            {
                if (_waiting.ContainsKey(key))
                    continue;
                var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
                _waiting[key] = ending;
                _ = AwaitAsync(key.Id, key.VehicleId, from, ending);
            }
        }
    }

    private async Task AwaitAsync(Guid incident, string vehicleId, DateTimeOffset from, CancellationTokenSource ending)
    {
        using (ending)
        {
            try
            {
                var first = await pictures.NextAsync(vehicleId, from, ending.Token);
                using var errand = quiescence.Errand();
                await late.WriteAsync(vehicleId, token => book.ChangeAsync(incident, Actors.System, (row, _) =>
                    row.Drones.Exists(drone => drone.VehicleId == vehicleId && drone.OnSceneAt <= first.At && !(drone.Until < first.At))
                    && TimeAxis.Reach(row, IncidentStage.FirstFrame, first.At, "event", Actors.System)
                        ? ("incident.stageReached", new { stage = nameof(IncidentStage.FirstFrame), at = first.At, stream = first.StreamId })
                        : null, token), _stopping);
            }
            catch (OperationCanceledException)
            {
                // It has left the scene, another drone was first, or the service closes.
            }

            lock (_gate)
            {
                if (_waiting.GetValueOrDefault((incident, vehicleId)) == ending)
                    _waiting.Remove((incident, vehicleId));
            }
        }
    }
}

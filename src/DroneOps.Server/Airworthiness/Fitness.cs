using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Airworthiness;

/// <summary>What is due and what is worn, as it was last looked at.</summary>
internal sealed record FitnessPicture(IReadOnlyList<AirframeView> Airframes, IReadOnlyList<BatteryPack> Batteries);

/// <summary>Judges which drones are fit, and grounds those that are not: with the grounding that the fleet has for everybody, so dispatch, patrols and
/// pilots are refused by the one rule.</summary>
/// <remarks>Owner of the fleet's groundings by <c>airworthiness</c>: one judgement at a time.</remarks>
internal sealed class Fitness(
    IDbContextFactory<FleetDb> databases, VehicleRegistry registry, VehicleDesk desk, AuditLog audit, IOptions<AirworthinessOptions> options, TimeProvider time) : IDisposable
{
    private const string By = "airworthiness";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile FitnessPicture _current = new([], []);

    /// <summary>The last picture; another object when anything was looked at since.</summary>
    public FitnessPicture Current => _current;

    /// <summary>Looks at one vehicle, or at all, and grounds or frees what has changed; said in the audit log first.</summary>
    public async Task JudgeAsync(string? vehicleId, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var judged = await AirframeBook.ReadAsync(db, registry, vehicleId, time.GetUtcNow(), cancellation);
            foreach (var (view, reasons) in judged)
                await GroundAsync(view.VehicleId, reasons, cancellation);
            var packs = (await AirframeBook.BatteriesAsync(db, vehicleId, options.Value, cancellation)).ToDictionary(pack => pack.Serial, StringComparer.Ordinal);
            var seen = judged.ToDictionary(one => one.View.VehicleId, one => one.View);
            _current = vehicleId is null
                ? new([.. seen.Values], [.. packs.Values])
                : new([.. _current.Airframes.Where(other => !seen.ContainsKey(other.VehicleId)), .. seen.Values], [.. _current.Batteries.Where(other => !packs.ContainsKey(other.Serial)), .. packs.Values]);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task GroundAsync(string vehicleId, List<string> reasons, CancellationToken cancellation)
    {
        if (registry.Find(vehicleId) is not { } entry || entry.Groundings.Where(grounding => grounding.By == By).Select(grounding => grounding.Reason).SequenceEqual(reasons))
            return;
        await audit.AppendAsync(new AuditEntry(Actors.System, reasons.Count > 0 ? "vehicle.grounded" : "vehicle.ungrounded", $"vehicle/{vehicleId}", new { by = By, reasons }), cancellation);
        await registry.GroundAsync(vehicleId, By, reasons, cancellation);
        desk.Refresh(vehicleId);
    }
}

using DroneOps.Missions.Flight;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using DroneOps.Vehicles;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Dispatch;

/// <summary>How the fleet really flies, learned from its own flights: seconds from the order to lift-off, and the rate of the climb. On a
/// short way the two are half of the time to the scene, and what a maker's sheet says of them is wrong by as much.</summary>
/// <remarks>Owner: its own loop over the fleet's events; readers see the last figures that it put up. After a start it knows the launches of
/// the latest incidents; climbs are learned anew with the first flights.</remarks>
internal sealed partial class FlightHabits(FleetEvents events, IDbContextFactory<FleetDb> databases, ILogger<FlightHabits> logger) : BackgroundService
{
    private const int IncidentsRead = 200;

    // The climb is timed well above the ground effect and well below where most flights level off.
    private const double ClimbFromM = 8;
    private const double ClimbToM = 40;

    /// <summary>A drone that was in the air already is "airborne" at once; one that took longer was held by something else.</summary>
    private static readonly (TimeSpan Least, TimeSpan Most) Launch = (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3));

    /// <summary>Slower or quicker than any multirotor climbs: not a climb in one go, or a jump of the barometer.</summary>
    private static readonly (double Least, double Most) ClimbMps = (0.5, 15);

    private readonly FleetSubscription _subscription = events.Subscribe("habits");
    private readonly Dictionary<string, DateTimeOffset> _ordered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset At, double HeightM)?> _climbing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Habit> _launchOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Habit> _climbOf = new(StringComparer.Ordinal);
    private readonly Habit _launch = new();
    private readonly Habit _climb = new();
    private volatile IReadOnlyDictionary<string, Figures> _ofVehicle = new Dictionary<string, Figures>();
    private volatile Figures _ofFleet = new(null, null);

    /// <summary>The airframe as this vehicle flies it: by its own flights when there are enough, else by the fleet's, else as it is.</summary>
    public AirframeProfile Of(string vehicleId, AirframeProfile airframe)
    {
        var own = _ofVehicle.GetValueOrDefault(vehicleId);
        var fleet = _ofFleet;
        var (launch, climb) = (own?.Launch ?? fleet.Launch, own?.ClimbMps ?? fleet.ClimbMps);
        return launch is null && climb is null ? airframe : airframe with
        {
            LaunchS = launch?.P50 ?? airframe.LaunchS,
            LaunchP90S = launch?.P90 ?? airframe.LaunchP90S,
            ClimbMps = climb ?? airframe.ClimbMps,
        };
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RecallAsync(stoppingToken);
            await _subscription.ReadAsync(Handle, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
    }

    private async Task RecallAsync(CancellationToken cancellation)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var rows = await db.Set<IncidentRecord>().AsNoTracking().OrderByDescending(row => row.ReportedAt).Take(IncidentsRead).ToListAsync(cancellation);
            foreach (var row in Enumerable.Reverse(rows))
            {
                if (row.ReachedAt(IncidentStage.DroneAirborne) - row.ReachedAt(IncidentStage.DroneAssigned) is { } took && took >= Launch.Least && took <= Launch.Most)
                    _launch.Add(took.TotalSeconds);
            }

            _ofFleet = new(_launch.Quantiles, null);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotRead(error);
        }
    }

    private ValueTask Handle(FleetEvent happened, CancellationToken cancellation)
    {
        switch (happened)
        {
            case FleetEvent.AssignmentTaken taken:
                _ordered[taken.VehicleId] = taken.At;
                break;
            case FleetEvent.Observed { Fact: VehicleFact.TookOff up }:
                _climbing[happened.VehicleId] = null;
                if (_ordered.Remove(happened.VehicleId, out var ordered) && up.At - ordered is var took && took >= Launch.Least && took <= Launch.Most)
                    Learn(_launchOf, _launch, happened.VehicleId, took.TotalSeconds);
                break;
            case FleetEvent.Observed { Fact: VehicleFact.PositionFixed at } when _climbing.TryGetValue(happened.VehicleId, out var began):
                Climb(happened.VehicleId, began, at);
                break;
            case FleetEvent.Observed { Fact: VehicleFact.Landed }:
                _climbing.Remove(happened.VehicleId);
                break;
            default:
                break;
        }

        return ValueTask.CompletedTask;
    }

    private void Climb(string vehicleId, (DateTimeOffset At, double HeightM)? began, VehicleFact.PositionFixed now)
    {
        var height = now.AboveHome.Metres;
        if (began is not { } from)
        {
            if (height >= ClimbFromM)
                _climbing[vehicleId] = (now.At, height);
        }
        else if (height >= ClimbToM)
        {
            _climbing.Remove(vehicleId);
            var rate = (height - from.HeightM) / (now.At - from.At).TotalSeconds;
            if (rate >= ClimbMps.Least && rate <= ClimbMps.Most)
                Learn(_climbOf, _climb, vehicleId, rate);
        }
    }

    private void Learn(Dictionary<string, Habit> ofVehicle, Habit ofFleet, string vehicleId, double value)
    {
        if (!ofVehicle.TryGetValue(vehicleId, out var own))
            ofVehicle[vehicleId] = own = new();
        own.Add(value);
        ofFleet.Add(value);
        _ofFleet = new(_launch.Quantiles, _climb.Quantiles?.P50);
        _ofVehicle = _launchOf.Keys.Union(_climbOf.Keys).ToDictionary(
            id => id, id => new Figures(_launchOf.GetValueOrDefault(id)?.Quantiles, _climbOf.GetValueOrDefault(id)?.Quantiles?.P50), StringComparer.Ordinal);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The launches of earlier incidents could not be read; launch times are learned anew")]
    private partial void LogNotRead(Exception error);

    private sealed record Figures((double P50, double P90)? Launch, double? ClimbMps);
}

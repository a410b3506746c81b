using System.Collections.Concurrent;
using DroneOps.Missions.Flight;

namespace DroneOps.Server.Fleet;

/// <summary>How the wind is known.</summary>
internal enum WindSource
{
    /// <summary>Nobody has told it lately.</summary>
    Unknown,

    /// <summary>The mean of what drones in the air feel.</summary>
    Fleet,

    /// <summary>Somebody, or a weather station, has reported it.</summary>
    Report,
}

/// <summary>The wind over the city.</summary>
/// <param name="Wind">The motion of the air; calm when it is not known.</param>
/// <param name="Source">How it is known.</param>
/// <param name="At">When it was felt or reported; null when it is not known.</param>
internal readonly record struct WindNow(Wind Wind, WindSource Source, DateTimeOffset? At);

/// <summary>The wind over the city as the drones in the air feel it, or as it was reported when none flies.</summary>
/// <remarks>State: what each vehicle last felt, written by its loop; and the last report. An autopilot's estimate is true in the air only: on
/// the ground it keeps what it learned last, or nothing. Nothing of it outlives a restart: after an hour it would be too old anyway.</remarks>
internal sealed class FleetWind : IDisposable
{
    /// <summary>How long what a drone felt stands for the wind now.</summary>
    private static readonly TimeSpan FeltFor = TimeSpan.FromMinutes(15);

    /// <summary>How long a report does.</summary>
    private static readonly TimeSpan ReportedFor = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, (Wind Wind, DateTimeOffset At)> _felt = new(StringComparer.Ordinal);
    private readonly VehicleBoard _board;
    private readonly TimeProvider _time;
    private volatile Reported? _reported;

    public FleetWind(VehicleBoard board, TimeProvider time)
    {
        (_board, _time) = (board, time);
        board.Changed += Feel;
    }

    /// <summary>The wind now: of the drones that flew in the last quarter of an hour, else the report of the last hour.</summary>
    public WindNow Now
    {
        get
        {
            var now = _time.GetUtcNow();
            var (east, north, count, newest) = (0.0, 0.0, 0, DateTimeOffset.MinValue);
            foreach (var (wind, at) in _felt.Values)
            {
                if (now - at > FeltFor)
                    continue;
                (east, north, count) = (east + wind.EastMps, north + wind.NorthMps, count + 1);
                newest = at > newest ? at : newest;
            }

            if (count > 0)
                return new(new(east / count, north / count), WindSource.Fleet, newest);
            return _reported is { } report && now - report.At <= ReportedFor ? new(report.Wind, WindSource.Report, report.At) : default;
        }
    }

    /// <summary>Somebody says what the wind is.</summary>
    public void Report(Wind wind) => _reported = new(wind, _time.GetUtcNow());

    public void Dispose() => _board.Changed -= Feel;

    private void Feel(FleetVehicle vehicle)
    {
        // The board changes twenty times a second, the estimate every other second.
        if (vehicle.Snapshot is { InAir: true, Wind: { IsStale: false } felt } && !(_felt.TryGetValue(vehicle.Id, out var last) && last.At == felt.At))
            _felt[vehicle.Id] = (new(felt.Value.EastMps, felt.Value.NorthMps), felt.At);
    }

    private sealed record Reported(Wind Wind, DateTimeOffset At);
}

using System.Collections.Concurrent;
using DroneOps.Mavlink;
using DroneOps.Server.Cluster;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Units;

/// <summary>Saves the crews that changed, ten seconds' worth at a time, so that after a restart the map shows them where they were last.</summary>
/// <remarks>Owner of the table <c>units</c>: its own loop. A kill loses ten seconds of positions, which the crews' devices send again.</remarks>
internal sealed partial class UnitKeeper(UnitBoard board, IDbContextFactory<FleetDb> databases, Quiescence quiescence, TimeProvider time, ILogger<UnitKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, byte> _changed = new(StringComparer.OrdinalIgnoreCase);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Set<UnitRecord>().AsNoTracking().ToListAsync(cancellationToken);
        board.Restore(rows.Select(row => new Unit(
            row.CallSign, new GeoPoint(row.Shape.Coordinate.Y, row.Shape.Coordinate.X), row.PositionAt, row.HeadingDeg, row.SpeedMps, row.Status, row.Tier, row.DutyMode)));
        board.Changed += unit => _changed[unit.CallSign] = 0;
        board.Removed += callSign => _changed[callSign] = 0;
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TrySaveAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TrySaveAsync(CancellationToken.None);
        }
    }

    private async Task TrySaveAsync(CancellationToken cancellation)
    {
        using var work = quiescence.Work();
        string[] changed = [.. _changed.Keys];
        foreach (var callSign in changed)
            _changed.TryRemove(callSign, out _);
        try
        {
            if (changed.Length > 0)
                await SaveAsync(changed, cancellation);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            foreach (var callSign in changed)
                _changed[callSign] = 0;
            LogNotSaved(error, changed.Length);
        }
    }

    private async Task SaveAsync(string[] changed, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await db.Set<UnitRecord>().Where(row => changed.Contains(row.CallSign)).ToDictionaryAsync(row => row.CallSign, StringComparer.OrdinalIgnoreCase, cancellation);
        foreach (var callSign in changed)
        {
            rows.TryGetValue(callSign, out var row);
            if (board.Find(callSign) is not { } unit)
            {
                if (row is not null)
                    db.Remove(row);
                continue;
            }

            if (row is null)
                db.Add(row = new UnitRecord { CallSign = unit.CallSign });
            row.Shape = new Point(unit.Point.LongitudeDeg, unit.Point.LatitudeDeg);
            (row.PositionAt, row.HeadingDeg, row.SpeedMps) = (unit.PositionAt, unit.HeadingDeg, unit.SpeedMps);
            (row.Status, row.Tier, row.DutyMode) = (unit.Status, unit.Tier, unit.DutyMode);
        }

        await db.SaveChangesAsync(cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "The positions of {Count} crews could not be saved now")]
    private partial void LogNotSaved(Exception error, int count);
}

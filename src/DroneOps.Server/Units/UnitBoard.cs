using System.Collections.Concurrent;

namespace DroneOps.Server.Units;

/// <summary>Where the crews are now. In memory, because 113 crews that report each second are no work for a database;
/// <see cref="UnitKeeper"/> saves what changed. Safe to share.</summary>
internal sealed class UnitBoard
{
    private readonly ConcurrentDictionary<string, Unit> _units = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A crew moved, or what is known of it changed. Handlers must return at once.</summary>
    public event Action<Unit>? Changed;

    /// <summary>A crew was taken off the list.</summary>
    public event Action<string>? Removed;

    /// <summary>All crews, by call sign.</summary>
    public IReadOnlyList<Unit> All => [.. _units.Values.OrderBy(unit => unit.CallSign, StringComparer.Ordinal)];

    /// <summary>One crew, or null.</summary>
    public Unit? Find(string callSign) => _units.GetValueOrDefault(callSign);

    /// <summary>Puts up what the database kept.</summary>
    public void Restore(IEnumerable<Unit> units)
    {
        foreach (var unit in units)
            _units.TryAdd(unit.CallSign, unit);
    }

    /// <summary>A crew reported its position. A report older than the newest one changes nothing: networks deliver late and twice.</summary>
    /// <returns>The crew as it is now, and whether it was not known before.</returns>
    public (Unit Unit, bool IsNew) Report(UnitReport report)
    {
        var isNew = false;
        var isNewer = true;
        var unit = _units.AddOrUpdate(
            report.CallSign,
            callSign =>
            {
                isNew = true;
                return new(callSign, report.Point, report.At, report.HeadingDeg, report.SpeedMps, report.Status ?? UnitStatus.Available, null, null);
            },
            (_, known) =>
            {
                isNewer = report.At > known.PositionAt;
                return isNewer
                    ? known with { Point = report.Point, PositionAt = report.At, HeadingDeg = report.HeadingDeg, SpeedMps = report.SpeedMps, Status = report.Status ?? known.Status }
                    : known;
            });
        if (isNew || isNewer)
            Changed?.Invoke(unit);
        return (unit, isNew);
    }

    /// <summary>Changes what people enter about a crew.</summary>
    /// <returns>The crew as it is now; null when there is none.</returns>
    public Unit? Edit(string callSign, Func<Unit, Unit> edit)
    {
        while (_units.TryGetValue(callSign, out var known))
        {
            var edited = edit(known);
            if (!_units.TryUpdate(callSign, edited, known))
                continue;
            Changed?.Invoke(edited);
            return edited;
        }

        return null;
    }

    /// <summary>Takes a crew off the list.</summary>
    public bool Remove(string callSign)
    {
        if (!_units.TryRemove(callSign, out _))
            return false;
        Removed?.Invoke(callSign);
        return true;
    }
}

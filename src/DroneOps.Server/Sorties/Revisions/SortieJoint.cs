using NetTopologySuite.Geometries;

namespace DroneOps.Server.Sorties.Revisions;

/// <summary>Makes one record of two, and two of one. Pure: the records that are given stay as they are.</summary>
internal static class SortieJoint
{
    /// <summary>A longer pause between two records is a landing that nobody saw, not a hole in the record.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>A shorter part is no flight.</summary>
    public static readonly TimeSpan ShortestPart = TimeSpan.FromSeconds(1);

    private const double MetresADegree = 111_195;

    /// <summary>One flight: from the first take-off to the second landing. The pause between them is flown time and a gap; for what it was flown is what the first was last flown for.</summary>
    public static SortieRecord Merge(SortieRecord first, SortieRecord second, double hopS)
    {
        var row = Copy(first, first.ArmedAt, first.TakeoffAt, first.TakeoffSource, first);
        row.BatterySerial ??= second.BatterySerial;
        row.Pilot ??= second.Pilot;
        row.Unit ??= second.Unit;
        (row.LandedAt, row.LandingSource, row.DisarmedAt, row.LastHeardAt) = (second.LandedAt, second.LandingSource, second.DisarmedAt, second.LastHeardAt);
        row.AirborneS = (EndOf(second) - first.TakeoffAt).TotalSeconds;
        row.ArmedS = Math.Max(row.AirborneS, ((second.DisarmedAt ?? EndOf(second)) - (first.ArmedAt ?? first.TakeoffAt)).TotalSeconds);
        row.DistanceM = first.DistanceM + second.DistanceM;
        row.MaxAltitudeAboveHomeM = Greater(first.MaxAltitudeAboveHomeM, second.MaxAltitudeAboveHomeM);
        row.MaxAltitudeAmslM = Greater(first.MaxAltitudeAmslM, second.MaxAltitudeAmslM);
        row.MaxSpeedMps = Math.Max(first.MaxSpeedMps, second.MaxSpeedMps);
        (row.BatteryStartPercent, row.BatteryEndPercent) = (first.BatteryStartPercent ?? second.BatteryStartPercent, second.BatteryEndPercent ?? first.BatteryEndPercent);
        row.Modes = [.. first.Modes, .. second.Modes];
        row.Failsafes = [.. first.Failsafes, .. second.Failsafes];
        row.Bounds = new(first.Bounds.Armed, first.Bounds.Takeoff, second.Bounds.Landing, second.Bounds.Disarmed);
        row.Corrected = [.. first.Corrected.Union(second.Corrected)];
        row.Gaps = [.. first.Gaps.Select(gap => gap with { To = gap.To ?? second.TakeoffAt })];
        if (second.TakeoffAt > EndOf(first) && first.Gaps.TrueForAll(gap => gap.To is not null))
            row.Gaps.Add(new(EndOf(first), second.TakeoffAt));
        row.Gaps.AddRange(second.Gaps);
        row.Shape = FlownLine.Of([.. first.Shape.Coordinates, .. second.Shape.Coordinates]);
        var last = LastGrounds(first);
        IEnumerable<SortieTurn> turns = first.Turns.OrderBy(turn => turn.Number);
        if (GroundsOf(second) is var next && (next.Purpose, next.AuthorisedBy, next.TaskId) != (last.Purpose, last.AuthorisedBy, last.TaskId))
            turns = turns.Append(next);
        row.Turns.AddRange(Numbered(turns.Concat(second.Turns.OrderBy(turn => turn.Number)), row.Id));
        return Closed(row, hopS);
    }

    /// <summary>Two flights: the clocks are divided at a moment, so that they sum to what they were to the millisecond.</summary>
    /// <param name="track">Its points.</param>
    public static (SortieRecord First, SortieRecord Second) Split(SortieRecord whole, DateTimeOffset at, IReadOnlyList<TrackPoint> track, double hopS)
    {
        var airborne = PurposeSpan.Split(whole.TakeoffAt, whole.AirborneS, [at]);
        var armed = PurposeSpan.Split(whole.ArmedAt ?? whole.TakeoffAt, whole.ArmedS, [at]);
        List<SortieTurn> turns = [.. whole.Turns.OrderBy(turn => turn.Number)];
        List<TrackPoint> before = [.. track.Where(point => point.At < at)], after = [.. track.Where(point => point.At >= at)];
        var (flownBefore, flownAfter) = (LengthOf(before), LengthOf(after));
        var share = flownBefore + flownAfter > 0 ? flownBefore / (flownBefore + flownAfter) : whole.AirborneS > 0 ? airborne[0] / whole.AirborneS : 0;

        var first = Copy(whole, whole.ArmedAt, whole.TakeoffAt, whole.TakeoffSource, whole);
        (first.LandedAt, first.LandingSource, first.DisarmedAt, first.LastHeardAt) = (at, ClockSource.Entered, at, at);
        (first.AirborneS, first.ArmedS, first.DistanceM) = (airborne[0], armed[0], whole.DistanceM * share);
        (first.BatteryStartPercent, first.Bounds) = (whole.BatteryStartPercent, whole.Bounds with { Landing = EdgeBounds.None, Disarmed = EdgeBounds.None });
        first.Modes = [.. whole.Modes.Where(mode => mode.At < at)];
        first.Gaps = [.. whole.Gaps.Where(gap => gap.From < at).Select(gap => gap with { To = gap.To is { } end && end < at ? end : at })];
        first.Turns.AddRange(Numbered(turns.Where(turn => turn.At < at), first.Id));

        var grounds = turns.LastOrDefault(turn => turn.At <= at) ?? GroundsOf(whole);
        var second = Copy(whole, at, at, ClockSource.Entered, grounds);
        (second.LandedAt, second.LandingSource, second.DisarmedAt, second.LastHeardAt) = (whole.LandedAt, whole.LandingSource, whole.DisarmedAt, whole.LastHeardAt);
        (second.AirborneS, second.ArmedS, second.DistanceM) = (airborne[1], armed[1], whole.DistanceM - first.DistanceM);
        (second.BatteryEndPercent, second.Bounds) = (whole.BatteryEndPercent, whole.Bounds with { Armed = EdgeBounds.None, Takeoff = EdgeBounds.None });
        second.Modes = [.. whole.Modes.Where(mode => mode.At < at).TakeLast(1).Select(mode => mode with { At = at }), .. whole.Modes.Where(mode => mode.At >= at)];
        second.Gaps = [.. whole.Gaps.Where(gap => (gap.To ?? EndOf(whole)) > at).Select(gap => gap with { From = gap.From > at ? gap.From : at })];
        second.Turns.AddRange(Numbered(turns.Where(turn => turn.At > at), second.Id));
        foreach (var (part, points) in new[] { (first, before), (second, after) })
        {
            part.Failsafes = [.. whole.Failsafes];
            part.Corrected = [.. whole.Corrected];
            part.Shape = FlownLine.Of([.. points.Select(point => new Coordinate(point.Lon, point.Lat))]);
            part.MaxAltitudeAboveHomeM = points.Count == 0 ? null : points.Max(point => point.AltitudeAboveHomeM);
            part.MaxAltitudeAmslM = points.Count == 0 ? null : points.Max(point => point.AltitudeAmslM);
            part.MaxSpeedMps = points.Count == 0 ? 0 : points.Max(point => point.SpeedMps);
        }

        return (Closed(first, hopS), Closed(second, hopS));
    }

    /// <summary>When a closed record ends.</summary>
    public static DateTimeOffset EndOf(SortieRecord row) => row.LandedAt ?? row.LastHeardAt;

    private static SortieRecord Copy(SortieRecord from, DateTimeOffset? armedAt, DateTimeOffset takeoffAt, ClockSource takeoffSource, SortieRecord grounds) => Copy(from, armedAt, takeoffAt, takeoffSource, GroundsOf(grounds));

    private static SortieRecord Copy(SortieRecord from, DateTimeOffset? armedAt, DateTimeOffset takeoffAt, ClockSource takeoffSource, SortieTurn grounds) => new()
    {
        Id = Guid.CreateVersion7(takeoffAt),
        VehicleId = from.VehicleId,
        VehicleName = from.VehicleName,
        HardwareId = from.HardwareId,
        Firmware = from.Firmware,
        SystemId = from.SystemId,
        Pilot = from.Pilot,
        Purpose = grounds.Purpose,
        AuthorisedBy = grounds.AuthorisedBy,
        TaskKind = grounds.TaskKind,
        TaskId = grounds.TaskId,
        TaskLabel = grounds.TaskLabel,
        DockId = from.DockId,
        BatterySerial = from.BatterySerial,
        BatteryCycles = from.BatteryCycles,
        BatteryHealthPercent = from.BatteryHealthPercent,
        Unit = from.Unit,
        ArmedAt = armedAt,
        TakeoffAt = takeoffAt,
        TakeoffSource = takeoffSource,
        ImportId = from.ImportId,
        ImportRow = from.ImportRow,
    };

    private static SortieRecord Closed(SortieRecord row, double hopS)
    {
        row.IsClosed = true;
        row.IsHop = row.AirborneS < hopS;
        return row;
    }

    /// <summary>What a sortie was launched for, as a turn at its take-off.</summary>
    private static SortieTurn GroundsOf(SortieRecord row) => new()
    {
        Number = 0,
        At = row.TakeoffAt,
        Purpose = row.Purpose,
        AuthorisedBy = row.AuthorisedBy,
        TaskKind = row.TaskKind,
        TaskId = row.TaskId,
        TaskLabel = row.TaskLabel,
    };

    private static SortieTurn LastGrounds(SortieRecord row) => row.Turns.OrderBy(turn => turn.Number).LastOrDefault() ?? GroundsOf(row);

    private static IEnumerable<SortieTurn> Numbered(IEnumerable<SortieTurn> turns, Guid sortie) => turns.Select((turn, i) => turn with { SortieId = sortie, Number = i + 1 });

    private static double? Greater(double? one, double? other) => one is null ? other : other is null ? one : Math.Max(one.Value, other.Value);

    /// <summary>Near enough for a share.</summary>
    private static double LengthOf(List<TrackPoint> points) => points.Zip(points.Skip(1), (a, b) =>
        Math.Sqrt(Math.Pow((b.Lon - a.Lon) * Math.Cos(a.Lat * Math.PI / 180), 2) + Math.Pow(b.Lat - a.Lat, 2)) * MetresADegree).Sum();
}

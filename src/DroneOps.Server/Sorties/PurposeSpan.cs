namespace DroneOps.Server.Sorties;

/// <summary>A part of a sortie that was flown for one thing, with its share of both clocks.</summary>
/// <param name="From">The take-off, or when the sortie got this purpose.</param>
/// <param name="To">When it got the next, or the landing; null while it flies.</param>
/// <param name="AirborneS">Seconds in the air.</param>
/// <param name="ArmedS">Seconds with motors running: those before the take-off belong to the first part, those after the landing to the last.</param>
internal sealed record PurposeSpan(
    DateTimeOffset From, DateTimeOffset? To, string? Purpose, string? AuthorisedBy, string? TaskKind, string? TaskId, string? TaskLabel, double AirborneS, double ArmedS)
{
    /// <summary>The parts of a sortie. Pure; they always sum to the sortie's own clocks, whatever was corrected.</summary>
    public static List<PurposeSpan> Of(SortieRecord row)
    {
        var turns = row.Turns.OrderBy(turn => turn.Number).ToList();
        DateTimeOffset[] cuts = [.. turns.Select(turn => turn.At)];
        var airborne = Split(row.TakeoffAt, row.AirborneS, cuts);
        var armed = Split(row.ArmedAt ?? row.TakeoffAt, row.ArmedS, cuts);
        List<PurposeSpan> spans = [new(row.TakeoffAt, cuts.Length > 0 ? cuts[0] : row.LandedAt, row.Purpose, row.AuthorisedBy, row.TaskKind, row.TaskId, row.TaskLabel, airborne[0], armed[0])];
        for (var i = 0; i < turns.Count; i++)
        {
            var turn = turns[i];
            spans.Add(new(turn.At, i + 1 < cuts.Length ? cuts[i + 1] : row.LandedAt, turn.Purpose, turn.AuthorisedBy, turn.TaskKind, turn.TaskId, turn.TaskLabel, airborne[i + 1], armed[i + 1]));
        }

        return spans;
    }

    /// <summary>Cuts a clock at moments. In whole milliseconds, so that the pieces sum to the clock exactly and in any order.</summary>
    /// <param name="from">When the clock started.</param>
    /// <param name="seconds">How long it ran.</param>
    /// <param name="cuts">The moments, in order; those outside make empty pieces.</param>
    /// <returns>One piece more than there are cuts, in seconds.</returns>
    public static double[] Split(DateTimeOffset from, double seconds, IReadOnlyList<DateTimeOffset> cuts)
    {
        var whole = Milliseconds(seconds);
        var pieces = new double[cuts.Count + 1];
        var begin = 0L;
        for (var i = 0; i < cuts.Count; i++)
        {
            var end = Math.Clamp((long)(cuts[i] - from).TotalMilliseconds, begin, whole);
            pieces[i] = (end - begin) / 1000.0;
            begin = end;
        }

        pieces[^1] = (whole - begin) / 1000.0;
        return pieces;
    }

    /// <summary>A clock in whole milliseconds.</summary>
    public static long Milliseconds(double seconds) => (long)Math.Round(seconds * 1000);
}

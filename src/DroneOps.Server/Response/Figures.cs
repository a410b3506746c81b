namespace DroneOps.Server.Response;

/// <summary>A span over a set of incidents. Quantiles are nearest-rank: the p-quantile of n values is the ⌈p·n⌉-th smallest. It is always a
/// time that an incident really took, so it can be pointed at; with few incidents nothing is interpolated that did not happen.</summary>
/// <param name="Span">Which.</param>
/// <param name="Count">Of how many incidents both ends are known and in their order.</param>
/// <param name="P50S">The median, seconds; null when there is none.</param>
/// <param name="P90S">Nine of ten took no longer, seconds.</param>
/// <param name="MaxS">The longest, seconds.</param>
internal sealed record SpanFigures(ResponseSpan Span, int Count, double? P50S, double? P90S, double? MaxS);

/// <summary>How many drones were on scene within so many seconds of the call.</summary>
/// <param name="Count">Incidents with a drone on scene and the time of the call.</param>
internal sealed record Within(int Count, int In60S, int In90S, int In120S, int In180S)
{
    /// <summary>The limits, seconds.</summary>
    public static readonly int[] LimitsS = [60, 90, 120, 180];
}

/// <summary>Who was there first, where both came.</summary>
internal sealed record AirAndGround(int Both, int DroneFirst, int UnitFirst, int Together);

/// <summary>What is counted of a set of incidents.</summary>
/// <param name="Incidents">How many there are, measured or not.</param>
/// <param name="Spans">In the order of <see cref="ResponseSpan"/>.</param>
internal sealed record Figures(int Incidents, IReadOnlyList<SpanFigures> Spans, Within Within, AirAndGround AirAndGround);

/// <summary>The incidents of one type, priority, hour, grid or key site.</summary>
/// <param name="By">type, priority, hour, gridId or keySiteId: the word that narrows a list of incidents to them.</param>
/// <param name="Key">Its value.</param>
internal sealed record FiguresGroup(string By, string Key, Figures Figures);

/// <summary>The report.</summary>
/// <param name="From">Reported at or after, or null.</param>
/// <param name="To">Reported before, or null.</param>
/// <param name="Total">All of them.</param>
/// <param name="Arrivals">How many drones were on scene in each ten seconds after the call, for five minutes; the last counts all that came later.</param>
/// <param name="Groups">The same by type, priority, hour, grid and key site; only groups that have incidents.</param>
internal sealed record ResponseReport(DateTimeOffset? From, DateTimeOffset? To, Figures Total, IReadOnlyList<int> Arrivals, IReadOnlyList<FiguresGroup> Groups)
{
    /// <summary>The width of an arrival bin, and how many there are.</summary>
    public const int BinS = 10, Bins = 31;
}

using DroneOps.Server.Api;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Incidents;

/// <summary>What a list of incidents is narrowed to; the report of response times counts by the same words, so that each of its numbers opens
/// into its incidents.</summary>
/// <param name="From">Reported at or after.</param>
/// <param name="To">Reported before.</param>
/// <param name="Type">Of this type.</param>
/// <param name="Priority">1 to 4.</param>
/// <param name="GridId">In this grid as it is drawn now.</param>
/// <param name="KeySiteId">At this key site.</param>
/// <param name="Hour">Reported in this hour of the city's day, 0 to 23.</param>
internal sealed record IncidentFilter(
    QueryTime? From, QueryTime? To, string? Type, int? Priority,
    string? GridId, string? KeySiteId, int? Hour)
{
    /// <summary>What is wrong with it, or null.</summary>
    public Fault? Fault =>
        Priority is < 1 or > 4 ? new("priority", "priority is 1 to 4.")
        : Hour is < 0 or > 23 ? new("hour", "hour is 0 to 23, in the city's time.")
        : From is { Utc: var from } && To is { Utc: var to } && to <= from ? new("to", "to is after from.")
        : null;

    /// <summary>The times that pass.</summary>
    public IQueryable<IncidentTimes> Narrow(IQueryable<IncidentTimes> rows)
    {
        if (From is { Utc: var from })
            rows = rows.Where(row => row.ReportedAt >= from);
        if (To is { Utc: var to })
            rows = rows.Where(row => row.ReportedAt < to);
        if (Type is { } type)
            rows = rows.Where(row => row.Type == type);
        if (Priority is { } priority)
            rows = rows.Where(row => row.Priority == priority);
        if (GridId is { } grid)
            rows = rows.Where(row => row.GridId == grid);
        if (KeySiteId is { } site)
            rows = rows.Where(row => row.KeySiteId == site);
        if (Hour is { } hour)
            rows = rows.Where(row => row.Hour == hour);
        return rows;
    }

    /// <summary>The incidents that pass.</summary>
    public IQueryable<IncidentRecord> Narrow(IQueryable<IncidentRecord> rows, FleetDb db)
    {
        if (this == new IncidentFilter(null, null, null, null, null, null, null))
            return rows;
        var times = Narrow(db.Set<IncidentTimes>());
        return rows.Where(row => times.Any(passing => passing.Id == row.Id));
    }
}

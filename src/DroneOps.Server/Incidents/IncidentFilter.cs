using DroneOps.Server.Api;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Incidents;

/// <summary>What a list of incidents is narrowed to; the report of response times counts by the same words, so that each of its numbers opens
/// into its incidents.</summary>
internal sealed record IncidentFilter
{
    /// <summary>Reported at or after.</summary>
    public QueryTime? From { get; init; }

    /// <summary>Reported before.</summary>
    public QueryTime? To { get; init; }

    /// <summary>Of this type.</summary>
    public string? Type { get; init; }

    /// <summary>1 to 4.</summary>
    public int? Priority { get; init; }

    /// <summary>In this grid as it is drawn now.</summary>
    public string? GridId { get; init; }

    /// <summary>At this key site.</summary>
    public string? KeySiteId { get; init; }

    /// <summary>Reported in this hour of the city's day, 0 to 23.</summary>
    public int? Hour { get; init; }

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
        if (this == new IncidentFilter())
            return rows;
        var times = Narrow(db.Set<IncidentTimes>());
        return rows.Where(row => times.Any(passing => passing.Id == row.Id));
    }
}

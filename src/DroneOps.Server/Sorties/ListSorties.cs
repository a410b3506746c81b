using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary><c>GET /sorties</c>: newest first, by time, vehicle, pilot, purpose, incident and place.</summary>
internal static class ListSorties
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("", HandleAsync)
        .WithSummary("Sorties, newest first; near=lon,lat&withinM= finds those that passed a place, from and to then say when they passed it")
        .WithDescription("minHeightM, maxHeightM: the greatest height above home; minSeconds, maxSeconds: time in the air; q: words of names, purposes, authorisations, tasks and reasons.");

    private static async Task<Results<Ok<Page<SortieView>>, ProblemHttpResult>> HandleAsync(
        [AsParameters] Filter filter, [AsParameters] SortieTerms terms, [AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if ((page.Fault ?? terms.Fault) is { } fault)
            return Problems.Invalid(fault);
        if (!TimeCursor.TryRead(page, out _))
            return Problems.Invalid(TimeCursor.Wrong);
        return await FindAsync(filter, terms, page, db, cancellation) is { } found ? TypedResults.Ok(found) : Problems.Invalid(PassSearch.Wrong);
    }

    /// <summary>A page of what passes; null when the place is none.</summary>
    public static async Task<Page<SortieView>?> FindAsync(Filter filter, SortieTerms terms, PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        PassSearch? search = null;
        if (filter.Near is { } near && (search = PassSearch.Read(near, filter.WithinM, filter.From?.Utc, filter.To?.Utc)) is null)
            return null;
        var rows = terms.Apply((search is null ? filter : filter with { From = null, To = null }).Apply(db.WithoutShape<SortieRecord>()), db);
        if (search is not null)
        {
            var passing = await search.FindAsync(db, cancellation);
            rows = rows.Where(sortie => passing.Contains(sortie.Id));
        }

        if (TimeCursor.TryRead(page, out var cursor) && cursor is { At: var at, Id: var id })
            rows = rows.Where(sortie => sortie.TakeoffAt < at || (sortie.TakeoffAt == at && sortie.Id.CompareTo(id) < 0));
        var found = await rows.OrderByDescending(sortie => sortie.TakeoffAt).ThenByDescending(sortie => sortie.Id).Take(page.Take + 1).ToListAsync(cancellation);
        var passes = search is null ? [] : await search.PassesAsync(db, [.. found.Take(page.Take).Select(sortie => sortie.Id)], cancellation);
        return page.Of(found, sortie => SortieView.Of(sortie) with { Pass = passes.GetValueOrDefault(sortie.Id) }, sortie => new TimeCursor(sortie.TakeoffAt, sortie.Id).Key);
    }

    /// <summary>The filters; all that are given must hold. A purpose, an incident or a patrol is that of any part of the sortie.</summary>
    internal sealed record Filter
    {
        public QueryTime? From { get; init; }

        public QueryTime? To { get; init; }

        public string? VehicleId { get; init; }

        public string? Pilot { get; init; }

        public string? Purpose { get; init; }

        public string? Incident { get; init; }

        public string? Patrol { get; init; }

        public string? Near { get; init; }

        public double? WithinM { get; init; }

        public IQueryable<SortieRecord> Apply(IQueryable<SortieRecord> rows)
        {
            if (From is { Utc: var from })
                rows = rows.Where(sortie => sortie.TakeoffAt >= from);
            if (To is { Utc: var to })
                rows = rows.Where(sortie => sortie.TakeoffAt < to);
            if (VehicleId is { } vehicle)
                rows = rows.Where(sortie => sortie.VehicleId == vehicle);
            if (Pilot is { } pilot)
                rows = rows.Where(sortie => sortie.Pilot == pilot);
            if (Purpose is { } purpose)
                rows = rows.Where(sortie => sortie.Purpose == purpose || sortie.Turns.Any(turn => turn.Purpose == purpose));
            if (Incident is { } incident)
                rows = rows.Where(sortie => (sortie.TaskKind == "incident" && sortie.TaskId == incident) || sortie.Turns.Any(turn => turn.TaskKind == "incident" && turn.TaskId == incident));
            if (Patrol is { } patrol)
                rows = rows.Where(sortie => (sortie.TaskKind == "patrol" && sortie.TaskId == patrol) || sortie.Turns.Any(turn => turn.TaskKind == "patrol" && turn.TaskId == patrol));
            return rows;
        }
    }
}

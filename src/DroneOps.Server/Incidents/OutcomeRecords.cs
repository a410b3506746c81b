using System.Security.Claims;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Sorties;
using DroneOps.Server.Sorties.Revisions;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

/// <summary><c>GET</c> and <c>POST /outcomes/records</c>: the single outcomes behind the totals, and a new one.</summary>
internal static class OutcomeRecords
{
    private const int MostSorties = 50;
    private const int LongestSummary = 500;
    private const int MostCounted = 100_000;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/records", ListAsync).WithSummary("Outcomes, newest first, each with the sorties behind it; state, kind, incident, sortie, from, to");
        group.MapPost("/records", EnterAsync).RequireAuthorization(Policies.Dispatch).WithSummary("Enter what came of an incident or of flights; it counts when a second person has confirmed it");
    }

    /// <summary>A count that can be; else what is wrong with it.</summary>
    public static Fault? FaultOf(OutcomeKind kind, int? count, int? suspects) =>
        count is null or < 0 or > MostCounted || suspects is < 0 or > MostCounted ? new("#/count", $"Counts are 0 to {MostCounted}.")
        : suspects > 0 && kind != OutcomeKind.ArrestSupport ? new("#/suspects", "Suspects are counted with arrests only.")
        : null;

    /// <summary>Outcomes as they are answered, with the flights behind each.</summary>
    public static async Task<Dictionary<Guid, List<Guid>>> FlightsAsync(FleetDb db, IReadOnlyCollection<OutcomeRecord> rows, CancellationToken cancellation)
    {
        List<string> incidents = [.. rows.Where(row => row.IncidentId is not null).Select(row => row.IncidentId.ToString()!).Distinct()];
        var first = await db.Set<SortieRecord>().Where(sortie => sortie.TaskKind == "incident" && incidents.Contains(sortie.TaskId!)).Select(sortie => new { sortie.Id, sortie.TaskId }).ToListAsync(cancellation);
        var turned = await db.Set<SortieTurn>().Where(turn => turn.TaskKind == "incident" && incidents.Contains(turn.TaskId!) && db.Set<SortieRecord>().Any(sortie => sortie.Id == turn.SortieId)).Select(turn => new { Id = turn.SortieId, turn.TaskId }).ToListAsync(cancellation);
        var flown = first.Concat(turned).ToLookup(flight => flight.TaskId, flight => flight.Id);
        var standing = await StandingSorties.OfAsync(rows.SelectMany(row => row.SortieIds), db, cancellation);
        return rows.ToDictionary(row => row.Id, row => row.SortieIds.SelectMany(named => standing[named]).Concat(flown[row.IncidentId?.ToString()]).Distinct().ToList());
    }

    private static async Task<Results<Ok<Page<OutcomeView>>, ProblemHttpResult>> ListAsync([AsParameters] Filter filter, Guid? sortie, [AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if ((page.Fault ?? filter.Fault) is { } fault)
            return Problems.Invalid(fault);
        if (!TimeCursor.TryRead(page, out var cursor))
            return Problems.Invalid(TimeCursor.Wrong);
        var rows = filter.Apply(db.Set<OutcomeRecord>().AsNoTracking());
        if (sortie is { } flown)
            rows = await OfSortieAsync(rows, flown, db, cancellation);
        if (cursor is { At: var at, Id: var id })
            rows = rows.Where(row => row.OccurredAt < at || (row.OccurredAt == at && row.Id.CompareTo(id) < 0));
        var found = await rows.OrderByDescending(row => row.OccurredAt).ThenByDescending(row => row.Id).Take(page.Take + 1).ToListAsync(cancellation);
        var flights = await FlightsAsync(db, found, cancellation);
        return TypedResults.Ok(page.Of(found, row => OutcomeView.Of(row, flights[row.Id]), row => new TimeCursor(row.OccurredAt, row.Id).Key));
    }

    /// <summary>Those that name a sortie, or a record that it stands for, and those of the incidents that it flew for.</summary>
    private static async Task<IQueryable<OutcomeRecord>> OfSortieAsync(IQueryable<OutcomeRecord> rows, Guid sortie, FleetDb db, CancellationToken cancellation)
    {
        var tasks = await db.Set<SortieRecord>().Where(row => row.Id == sortie && row.TaskKind == "incident").Select(row => row.TaskId)
            .Concat(db.Set<SortieTurn>().Where(turn => turn.SortieId == sortie && turn.TaskKind == "incident").Select(turn => turn.TaskId)).ToListAsync(cancellation);
        List<Guid?> incidents = [.. tasks.Where(task => Guid.TryParse(task, out _)).Select(task => (Guid?)Guid.Parse(task!)).Distinct()];

        // The list is JSON in its column, and an id in it is found by its text.
        List<Guid> naming = [];
        foreach (var name in await StandingSorties.NamesOfAsync(sortie, db, cancellation))
        {
            var text = $"\"{name}\"";
            naming.AddRange(await rows.Where(row => ((string)(object)row.SortieIds).Contains(text)).Select(row => row.Id).ToListAsync(cancellation));
        }

        return rows.Where(row => incidents.Contains(row.IncidentId) || naming.Contains(row.Id));
    }

    private static async Task<Results<Created<OutcomeView>, ProblemHttpResult>> EnterAsync(
        Request request, ClaimsPrincipal user, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        var faults = new List<Fault>();
        var now = time.GetUtcNow();
        if (request.Kind is not { } kind)
            return Problems.Invalid(new Fault("#/kind", "kind says what it is."));
        if (FaultOf(kind, request.Count, request.Suspects) is { } wrong)
            faults.Add(wrong);
        if (request.Count is 0 && request.Suspects is not > 0)
            faults.Add(new("#/count", "An outcome counts at least one."));
        if (request.OccurredAt > now)
            faults.Add(new("#/occurredAt", "The time lies in the future."));
        if (request.Summary?.Length > LongestSummary)
            faults.Add(new("#/summary", $"summary is at most {LongestSummary} characters."));
        List<Guid> sorties = [.. (request.SortieIds ?? []).Distinct()];
        if (sorties.Count > MostSorties || await db.Set<SortieRecord>().CountAsync(sortie => sorties.Contains(sortie.Id), cancellation) != sorties.Count)
            faults.Add(new("#/sortieIds", $"sortieIds are at most {MostSorties} sorties that there are."));
        var incident = request.IncidentId is { } named ? await db.Set<IncidentRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == named, cancellation) : null;
        if (request.IncidentId is not null && incident is null)
            faults.Add(new("#/incidentId", "There is no such incident."));
        if (request.IncidentId is null && sorties.Count == 0)
            faults.Add(new("#/incidentId", "An outcome is that of an incident, or of sorties."));
        if (faults.Count > 0)
            return Problems.Invalid(faults);

        var row = new OutcomeRecord
        {
            Id = Guid.CreateVersion7(now),
            Kind = kind,
            IncidentId = request.IncidentId,
            SortieIds = sorties,
            OccurredAt = (request.OccurredAt ?? incident?.ReportedAt ?? now).ToUniversalTime(),
            Count = request.Count!.Value,
            Suspects = request.Suspects ?? 0,
            Summary = request.Summary,
            EnteredBy = user.Actor(),
            EnteredAt = now,
            State = OutcomeState.Entered,
        };
        await audit.AppendAsync(new AuditEntry(row.EnteredBy, "outcome.entered", $"outcome/{row.Id}", new { row.Kind, row.IncidentId, row.SortieIds, row.OccurredAt, row.Count, row.Suspects }), cancellation);
        db.Add(row);
        await db.SaveChangesAsync(cancellation);
        return TypedResults.Created($"{ApiGroups.Prefix}/outcomes/records", OutcomeView.Of(row, (await FlightsAsync(db, [row], cancellation))[row.Id]));
    }

    /// <summary>The request. Without a time it is that of the incident, or now.</summary>
    internal sealed record Request(OutcomeKind? Kind, Guid? IncidentId, IReadOnlyList<Guid>? SortieIds, DateTimeOffset? OccurredAt, int? Count, int? Suspects, string? Summary);

    /// <summary>The filters; all that are given must hold.</summary>
    internal sealed record Filter
    {
        public string? State { get; init; }

        public string? Kind { get; init; }

        public Guid? Incident { get; init; }

        public QueryTime? From { get; init; }

        public QueryTime? To { get; init; }

        /// <summary>What is wrong with it, or null.</summary>
        public Fault? Fault =>
            State is not null && !Enum.TryParse<OutcomeState>(State, ignoreCase: true, out _) ? new("state", $"state is one of {string.Join(", ", Enum.GetNames<OutcomeState>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.")
            : Kind is not null && !Enum.TryParse<OutcomeKind>(Kind, ignoreCase: true, out _) ? new("kind", $"kind is one of {string.Join(", ", Enum.GetNames<OutcomeKind>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.")
            : null;

        public IQueryable<OutcomeRecord> Apply(IQueryable<OutcomeRecord> rows)
        {
            if (Enum.TryParse<OutcomeState>(State, ignoreCase: true, out var state))
                rows = rows.Where(row => row.State == state);
            if (Enum.TryParse<OutcomeKind>(Kind, ignoreCase: true, out var kind))
                rows = rows.Where(row => row.Kind == kind);
            if (Incident is { } incident)
                rows = rows.Where(row => row.IncidentId == incident);
            if (From is { Utc: var from })
                rows = rows.Where(row => row.OccurredAt >= from);
            if (To is { Utc: var to })
                rows = rows.Where(row => row.OccurredAt < to);
            return rows;
        }
    }
}

/// <summary>An outcome as the API shows it.</summary>
/// <param name="Sorties">The flights behind it: those that were named, by the records that stand for them now, and those of its incident.</param>
/// <param name="Corrections">The oldest first, each with what stood there before.</param>
internal sealed record OutcomeView(
    Guid Id, OutcomeKind Kind, Guid? IncidentId, IReadOnlyList<Guid> Sorties, DateTimeOffset OccurredAt, int Count, int Suspects, string? Summary, string EnteredBy, DateTimeOffset EnteredAt,
    OutcomeState State, string SaidBy, string? DecidedBy, DateTimeOffset? DecidedAt, string? Why, IReadOnlyList<OutcomeCorrection> Corrections)
{
    public static OutcomeView Of(OutcomeRecord row, IReadOnlyList<Guid> flights) => new(
        row.Id, row.Kind, row.IncidentId, flights, row.OccurredAt, row.Count, row.Suspects, row.Summary, row.EnteredBy, row.EnteredAt, row.State, row.SaidBy, row.DecidedBy, row.DecidedAt, row.Why, row.Corrections);
}

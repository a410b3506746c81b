using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Patrols;

/// <summary><c>GET /patrols</c>, <c>GET /patrols/{id}</c>, their occurrences, and the start by hand.</summary>
internal static class ListPatrols
{
    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(7);

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).WithSummary("Patrols, in the order in which they were made");
        group.MapGet("/{id:guid}", ShowAsync).HasETag().WithSummary("One patrol");
        group.MapGet("/occurrences", OccurrencesAsync).WithSummary("What was flown and what is planned in a span of at most seven days");
        group.MapPost("/{id:guid}/start", StartAsync).RequireAuthorization(Policies.Plan).WithSummary("Fly a patrol now, with the first drone that is fit");
    }

    private static async Task<Results<Ok<Page<PatrolView>>, ProblemHttpResult>> ListAsync([AsParameters] PageRequest page, PatrolBook book, CancellationToken cancellation) => page.Fault is { } fault
        ? Problems.Invalid(fault)
        : TypedResults.Ok(page.OfAll((await book.PatrolsAsync(cancellation)).Select(PatrolView.Of), patrol => patrol.Id.ToString(), newestFirst: false));

    private static async Task<Results<Ok<PatrolView>, ProblemHttpResult>> ShowAsync(Guid id, HttpContext context, FleetDb db, CancellationToken cancellation)
    {
        if (await db.Set<PatrolRecord>().AsNoTracking().SingleOrDefaultAsync(patrol => patrol.Id == id, cancellation) is not { } row)
            return Problems.NotFound("patrol", id);
        ETags.Set(context, row);
        return TypedResults.Ok(PatrolView.Of(row));
    }

    private static async Task<Results<Ok<Page<OccurrenceView>>, ProblemHttpResult>> OccurrencesAsync(
        QueryTime? from, QueryTime? to, [AsParameters] PageRequest page, PatrolBook book, FleetDb db, TimeProvider time, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        var now = time.GetUtcNow();
        var (first, last) = (from?.Utc ?? now.AddHours(-12), to?.Utc ?? now.AddHours(12));
        if (last < first || last - first > LongestSpan)
            return Problems.Invalid(new Fault("to", "to is at most seven days after from."));
        var rows = await db.Set<OccurrenceRecord>().AsNoTracking().Where(row => row.PlannedAt >= first && row.PlannedAt < last).OrderBy(row => row.PlannedAt).ToListAsync(cancellation);
        var planned = (await book.PatrolsAsync(cancellation)).Where(patrol => patrol.Enabled && patrol.Schedule is not null)
            .SelectMany(patrol => patrol.Schedule!.Between(first > now ? first : now, last)
                .Select(at => new OccurrenceView(OccurrenceRecord.IdOf(patrol.Id, at), patrol.Id, patrol.Name, at, OccurrenceState.Planned, null, null)));
        return TypedResults.Ok(page.OfAll(rows.Select(OccurrenceView.Of).Concat(planned).DistinctBy(run => run.Id), run => string.Create(CultureInfo.InvariantCulture, $"{run.PlannedAt.UtcTicks:D19}/{run.Id}"), newestFirst: false));
    }

    private static async Task<Results<Ok<OccurrenceView>, ProblemHttpResult>> StartAsync(
        Guid id, ClaimsPrincipal user, PatrolBook book, FleetDb db, TimeProvider time, CancellationToken cancellation) =>
        await db.Set<PatrolRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation) is { } patrol
            ? TypedResults.Ok(OccurrenceView.Of(await book.PlanAsync(patrol, null, time.GetUtcNow(), user.Actor(), cancellation)))
            : Problems.NotFound("patrol", id);
}

using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Licences;

/// <summary><c>GET /licences</c> and <c>GET /licences/pilots</c>: every licence that was entered, and how pilots stand now.</summary>
internal static class ListLicences
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).WithSummary("Every licence that was entered, withdrawn ones too; pilot narrows");
        group.MapGet("/pilots", StandingsAsync).WithSummary("How everybody stands who has a licence or flew lately: flights, hours, and what is lacking");
    }

    private static async Task<Results<Ok<Page<LicenceView>>, ProblemHttpResult>> ListAsync(string? pilot, [AsParameters] PageRequest page, FleetDb db, TimeProvider time, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        var rows = await db.Set<Licence>().AsNoTracking().Where(licence => pilot == null || licence.Pilot == pilot).ToListAsync(cancellation);
        return TypedResults.Ok(page.OfAll(rows.Select(row => LicenceView.Of(row, time.GetUtcNow())), view => $"{view.Pilot}\n{Rfc3339.Text(view.ValidUntil)}\n{view.Id}", newestFirst: false));
    }

    private static async Task<Results<Ok<Page<StandingView>>, ProblemHttpResult>> StandingsAsync([AsParameters] PageRequest page, FleetDb db, IOptions<LicencesOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        var now = time.GetUtcNow();
        var files = await PilotFile.ReadAsync(db, null, now, now, options.Value, cancellation);
        return TypedResults.Ok(page.OfAll(files.Where(file => Actors.IsPerson(file.Key)).Select(file => ShowStanding.Of(file.Key, file.Value, options.Value, now)), view => view.Pilot, newestFirst: false));
    }
}

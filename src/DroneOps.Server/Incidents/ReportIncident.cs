using System.Security.Claims;
using DroneOps.Mavlink;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Incidents;

/// <summary><c>POST /incidents</c>: a call for service; idempotent on its external number.</summary>
internal static class ReportIncident
{
    /// <summary>How far the clock of the reporting system may be ahead of ours.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("", HandleAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Report an incident; idempotent on externalNumber");
        group.MapPost("/check", CheckAsync).RequireAuthorization(Policies.Dispatch).WithSummary("What a report would be answered with: faults, warnings and possible duplicates; nothing is written");
    }

    internal static async Task<Results<Created<IncidentView>, Ok<IncidentView>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, ClaimsPrincipal user, IncidentBook book, IncidentIntake intake, AirspaceBook airspace, Gazetteer gazetteer, IOptions<IncidentsOptions> options,
        TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var faults = Check(request, now).ToList();
        if (IncidentPlace.Find(request.Place, airspace, gazetteer, out var place) is { } nowhere)
            faults.Add(nowhere);
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        var row = new IncidentRecord
        {
            Id = Guid.CreateVersion7(now),
            ExternalNumber = string.IsNullOrWhiteSpace(request.ExternalNumber) ? null : request.ExternalNumber.Trim(),
            Type = intake.CodeOf(request.Type!),
            Priority = request.Priority ?? 3,
            Summary = request.Summary ?? "",
            Address = request.Address,
            ReportedAt = (request.ReportedAt ?? now).ToUniversalTime(),
            ReportedBy = user.Actor(),
            Shape = place!,
            IsAutomatic = request.Dispatch is null ? options.Value.AutoDispatchPriorities.Contains(request.Priority ?? 3) : request.Dispatch == "auto",
        };
        row.Warnings = intake.Warn(row.Type, row.Scene, request.Location is not null, row.Address);
        TimeAxis.Reach(row, IncidentStage.CallReceived, row.ReportedAt, "event", row.ReportedBy);
        TimeAxis.Reach(row, IncidentStage.IncidentCreated, now, "event", row.ReportedBy);

        // Nobody asks a second time for what goes by itself: what passes from here to the drone is the wait for one.
        if (row.IsAutomatic)
            TimeAxis.Reach(row, IncidentStage.DroneRequested, now, "event", row.ReportedBy);
        var (incident, isNew) = await book.AddAsync(row, cancellation);
        IEnumerable<IncidentWarning> noticed = isNew ? [] : new[] { IncidentIntake.Differs(incident, row) }.OfType<IncidentWarning>();
        if (incident.MergedInto is { } link)
        {
            noticed = noticed.Append(new(WarningCodes.Merged, $"The call {incident.ExternalNumber} was merged into this incident: {link.Reason}"));
            incident = await book.SurvivorAsync(incident, cancellation);
        }

        ETags.Set(context, incident);
        var view = IncidentView.Of(incident);
        view = view with
        {
            Warnings = [.. noticed, .. view.Warnings],
            PossibleDuplicates = await intake.DuplicatesAsync(incident.Type, incident.Scene, incident.ReportedAt, incident.Id, cancellation),
        };
        return isNew ? TypedResults.Created($"{ApiGroups.Prefix}/incidents/{incident.Id}", view) : TypedResults.Ok(view);
    }

    private static async Task<Ok<Noticed>> CheckAsync(Request request, IncidentIntake intake, AirspaceBook airspace, Gazetteer gazetteer, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var faults = Check(request, now).ToList();
        if (IncidentPlace.Find(request.Place, airspace, gazetteer, out var place) is { } nowhere)
            faults.Add(nowhere);

        // A report that is only half written down is no error yet.
        if (faults.Count > 0)
            return TypedResults.Ok(new Noticed(faults, null, null, [], []));
        var type = intake.CodeOf(request.Type!);
        var point = new GeoPoint(place!.Y, place.X);
        return TypedResults.Ok(new Noticed(
            [], type, PointGeometry.Of(point), intake.Warn(type, point, request.Location is not null, request.Address),
            await intake.DuplicatesAsync(type, point, (request.ReportedAt ?? now).ToUniversalTime(), null, cancellation)));
    }

    private static IEnumerable<Fault> Check(Request request, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(request.Type) || request.Type.Length > 64)
            yield return new Fault("#/type", "type is 1 to 64 characters.");
        if (request.Priority is < 1 or > 4)
            yield return new Fault("#/priority", "priority is 1 (most urgent) to 4.");
        if (request.Summary?.Length > 2000)
            yield return new Fault("#/summary", "summary is at most 2000 characters.");
        if (request.ExternalNumber?.Length > 100)
            yield return new Fault("#/externalNumber", "externalNumber is at most 100 characters.");
        if (request.Address?.Length > 500)
            yield return new Fault("#/address", "address is at most 500 characters.");
        if (request.ReportedAt > now + Ahead)
            yield return new Fault("#/reportedAt", "reportedAt lies in the future.");
        if (request.Dispatch is not (null or "auto" or "manual"))
            yield return new Fault("#/dispatch", "dispatch is auto or manual.");
    }

    /// <summary>The request. Where it is says one of the location, the key site and the grid; with none of them, the address.</summary>
    /// <param name="Dispatch"><c>auto</c>: it gets a drone by itself; <c>manual</c>: somebody sends one; left out, its priority decides.</param>
    internal sealed record Request(
        string? ExternalNumber, string? Type, int? Priority, string? Summary, PointGeometry? Location, string? Address, DateTimeOffset? ReportedAt,
        string? KeySiteId = null, string? GridId = null, string? Dispatch = null)
    {
        internal PlaceSaid Place => new(Location, KeySiteId, GridId, Address);
    }

    /// <summary>What is noticed about a report before it is made; with faults it would be refused.</summary>
    internal sealed record Noticed(IReadOnlyList<Fault> Faults, string? Type, PointGeometry? Location, IReadOnlyList<IncidentWarning> Warnings, IReadOnlyList<PossibleDuplicate> PossibleDuplicates);
}

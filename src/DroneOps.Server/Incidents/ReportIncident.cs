using System.Security.Claims;
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

    public static void Map(RouteGroupBuilder group) => group.MapPost("", HandleAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Report an incident; idempotent on externalNumber");

    internal static async Task<Results<Created<IncidentView>, Ok<IncidentView>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, ClaimsPrincipal user, IncidentBook book, AirspaceBook airspace, Gazetteer gazetteer, IOptions<IncidentsOptions> options, TimeProvider time,
        CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var faults = Check(request, now).ToList();
        if (IncidentPlace.Find(request, airspace, gazetteer, out var place) is { } nowhere)
            faults.Add(nowhere);
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        var row = new IncidentRecord
        {
            Id = Guid.CreateVersion7(now),
            ExternalNumber = string.IsNullOrWhiteSpace(request.ExternalNumber) ? null : request.ExternalNumber.Trim(),
            Type = request.Type!.Trim(),
            Priority = request.Priority ?? 3,
            Summary = request.Summary ?? "",
            Address = request.Address,
            ReportedAt = (request.ReportedAt ?? now).ToUniversalTime(),
            ReportedBy = user.Actor(),
            Shape = place!,
            IsAutomatic = request.Dispatch is null ? options.Value.AutoDispatchPriorities.Contains(request.Priority ?? 3) : request.Dispatch == "auto",
        };
        TimeAxis.Reach(row, IncidentStage.CallReceived, row.ReportedAt, "event", row.ReportedBy);
        TimeAxis.Reach(row, IncidentStage.IncidentCreated, now, "event", row.ReportedBy);
        var (incident, isNew) = await book.AddAsync(row, cancellation);
        ETags.Set(context, incident);
        var view = IncidentView.Of(incident);
        return isNew ? TypedResults.Created($"{ApiGroups.Prefix}/incidents/{incident.Id}", view) : TypedResults.Ok(view);
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
        string? KeySiteId = null, string? GridId = null, string? Dispatch = null);
}

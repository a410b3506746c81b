using System.Globalization;
using System.Security.Claims;
using DroneOps.Mavlink;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Incidents;

/// <summary><c>POST /incidents</c>: a call for service; idempotent on its external number.</summary>
internal static class ReportIncident
{
    /// <summary>How far the clock of the reporting system may be ahead of ours.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    public static void Map(RouteGroupBuilder group) => group.MapPost("", HandleAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Report an incident; idempotent on externalNumber");

    private static async Task<Results<Created<IncidentView>, Ok<IncidentView>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, ClaimsPrincipal user, IncidentBook book, AirspaceBook airspace, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var faults = Check(request, airspace.City, now).ToList();
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
            Shape = new Point(request.Location!.Coordinates![0], request.Location.Coordinates[1]),
        };
        IncidentBook.Reach(row, IncidentStage.CallReceived, row.ReportedAt, "event", row.ReportedBy);
        IncidentBook.Reach(row, IncidentStage.IncidentCreated, now, "event", row.ReportedBy);
        var (incident, isNew) = await book.AddAsync(row, cancellation);
        ETags.Set(context, incident);
        var view = IncidentView.Of(incident);
        return isNew ? TypedResults.Created($"{ApiGroups.Prefix}/incidents/{incident.Id}", view) : TypedResults.Ok(view);
    }

    private static IEnumerable<Fault> Check(Request request, Envelope city, DateTimeOffset now)
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
        if (request.Location is not { Type: "Point", Coordinates: [var lon, var lat] })
            yield return new Fault("#/location", "location is a GeoJSON Point, longitude first.");
        else if (city.Contains(lat, lon))
            yield return new Fault("#/location/coordinates", "The coordinates look swapped: GeoJSON has longitude first.");
        else if (!new GeoPoint(lat, lon).IsValid)
            yield return new Fault("#/location/coordinates", "location is a GeoJSON Point in degrees, longitude first.");
        else if (!city.Contains(lon, lat))
            yield return new Fault("#/location/coordinates", string.Create(CultureInfo.InvariantCulture, $"{lon}, {lat} is outside the city."));
    }

    /// <summary>The request.</summary>
    internal sealed record Request(string? ExternalNumber, string? Type, int? Priority, string? Summary, PointGeometry? Location, string? Address, DateTimeOffset? ReportedAt);
}

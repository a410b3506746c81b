using System.Security.Claims;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Dispatch;

/// <summary><c>POST /incidents/{id}/location</c>: an incident that goes on is somewhere else now; its drones follow.</summary>
internal static class MoveIncident
{
    private const double SamePlaceM = 1;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/location", HandleAsync).RequireAuthorization(Policies.Dispatch).HasETag()
        .WithSummary("Move a live incident, with the reason; its drones are sent there once");

    internal static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, IncidentBook book, IncidentIntake intake, DispatchDesk desk, AirspaceBook airspace, Gazetteer gazetteer,
        CancellationToken cancellation)
    {
        List<Fault> faults = [];
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 500)
            faults.Add(new Fault("#/reason", "reason is 1 to 500 characters."));
        if (request.Address?.Length > 500)
            faults.Add(new Fault("#/address", "address is at most 500 characters."));
        if (IncidentPlace.Find(new PlaceSaid(request.Location, request.KeySiteId, request.GridId, request.Address), airspace, gazetteer, out var place) is { } nowhere)
            faults.Add(nowhere);
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        if (await book.FindAsync(id, cancellation) is not { } known)
            return Problems.NotFound("incident", id);
        if (ETags.Check(context, known) is { } stale)
            return stale;
        var (actor, to) = (user.Actor(), new GeoPoint(place!.Y, place.X));
        var address = request.Address ?? Named(request, airspace.Current);
        var warnings = intake.Warn(known.Type, to, request.Location is not null, address);
        var hasMoved = false;
        var row = await book.ChangeAsync(id, actor, (incident, now) =>
        {
            if (incident.State == IncidentState.Closed || (Geodesic.DistanceM(incident.Scene, to) < SamePlaceM && incident.Address == address))
                return null;
            hasMoved = true;
            var former = PointGeometry.Of(incident.Scene);
            incident.FormerPlaces = [.. incident.FormerPlaces, new FormerPlace(former, incident.Address, now, actor, request.Reason!.Trim())];
            incident.Shape = new Point(to.LongitudeDeg, to.LatitudeDeg);
            incident.Address = address;
            incident.Warnings = DispatchDesk.TakenAlong(incident).Any() ? [.. warnings, IncidentWarning.NotYetRerouted] : warnings;
            return ("incident.moved", new { from = former.Coordinates, to = new[] { to.LongitudeDeg, to.LatitudeDeg }, address, reason = request.Reason.Trim() });
        }, cancellation);
        if (row is null)
            return Problems.NotFound("incident", id);
        if (row.State == IncidentState.Closed)
            return Problems.Conflict("incident-closed", "The incident is closed.");
        if (hasMoved)
            row = await desk.RerouteAsync(id, actor) ?? row;
        ETags.Set(context, row);
        return TypedResults.Ok(IncidentView.Of(row) with { PossibleDuplicates = await intake.DuplicatesAsync(row.Type, row.Scene, row.ReportedAt, row.Id, cancellation) });
    }

    /// <summary>A place that was chosen by its drawing is called by its name.</summary>
    private static string? Named(Request request, AirspaceSnapshot drawn) =>
        request.KeySiteId is { } site ? drawn.KeySites.FirstOrDefault(known => known.Id == site)?.Properties.NameZh
        : request.GridId is { } grid ? drawn.Grids.FirstOrDefault(known => known.Id == grid)?.Properties.NameZh
        : null;

    /// <summary>The request: the place as in a report.</summary>
    internal sealed record Request(PointGeometry? Location, string? KeySiteId, string? GridId, string? Address, string? Reason);
}

using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Dispatch;

/// <summary><c>POST /incidents/{id}/scene</c>: what a drone of the incident does there.</summary>
internal static class WorkScene
{
    private const double MostRadiusM = 200;
    private const double LeastOrbitM = 20;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/scene", HandleAsync).RequireAuthorization(Policies.Dispatch).HasETag()
        .WithSummary("Have a drone of the incident hover, orbit, follow a unit or watch a key site; refused while a pilot has control");

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, IncidentBook book, SceneActs acts, CancellationToken cancellation)
    {
        var faults = new List<Fault>();
        if (Read(request, faults) is not { } task)
            return Problems.Invalid(faults);
        if (await book.FindAsync(id, cancellation) is { } known && ETags.Check(context, known) is { } stale)
            return stale;
        switch (await acts.TaskAsync(id, request.VehicleId, task, user.Actor(), cancellation))
        {
            case SceneResult.Done done:
                ETags.Set(context, done.Incident);
                return TypedResults.Ok(IncidentView.Of(done.Incident));
            case SceneResult.Refused refused:
                return Problems.Conflict(refused.Slug, refused.Detail);
            default:
                return Problems.NotFound("incident", id);
        }
    }

    private static SceneTask? Read(Request request, List<Fault> faults)
    {
        SceneTaskKind? kind = request.Task switch
        {
            "hover" => SceneTaskKind.Hover,
            "orbit" => SceneTaskKind.Orbit,
            "followUnit" => SceneTaskKind.FollowUnit,
            "watchKeySite" => SceneTaskKind.WatchKeySite,
            _ => null,
        };
        if (kind is not { } task)
        {
            faults.Add(new Fault("#/task", "task is hover, orbit, followUnit or watchKeySite."));
            return null;
        }

        var height = Within("heightM", request.HeightM ?? Candidates.SceneHeightM, SceneActs.FloorM, SceneActs.CeilingM, faults);
        var radius = Within("radiusM", request.RadiusM ?? (task is SceneTaskKind.Orbit or SceneTaskKind.WatchKeySite ? 50 : SceneStand.StandOffM), task == SceneTaskKind.Orbit ? LeastOrbitM : 0, MostRadiusM, faults);
        if (request.BearingDeg is { } bearing)
            Within("bearingDeg", bearing, 0, 360, faults);
        if (task == SceneTaskKind.FollowUnit && string.IsNullOrWhiteSpace(request.UnitCallSign))
            faults.Add(new Fault("#/unitCallSign", "unitCallSign says whom to follow."));
        if (task == SceneTaskKind.WatchKeySite && string.IsNullOrWhiteSpace(request.KeySiteId))
            faults.Add(new Fault("#/keySiteId", "keySiteId says which site to watch."));
        return faults.Count > 0 ? null : new SceneTask(
            task, height, radius, request.BearingDeg, task == SceneTaskKind.FollowUnit ? request.UnitCallSign : null, task == SceneTaskKind.WatchKeySite ? request.KeySiteId : null, request.CameraOnPlace ?? true);
    }

    private static double Within(string name, double value, double least, double most, List<Fault> faults)
    {
        if (!(value >= least && value <= most))
            faults.Add(new Fault($"#/{name}", string.Create(CultureInfo.InvariantCulture, $"{name} is {least} to {most}.")));
        return value;
    }

    /// <summary>The request.</summary>
    /// <param name="VehicleId">Which drone; the primary when it is left out.</param>
    /// <param name="Task"><c>hover</c>, <c>orbit</c>, <c>followUnit</c> or <c>watchKeySite</c>.</param>
    /// <param name="RadiusM">Metres from the place.</param>
    /// <param name="HeightM">Metres above the drone's home.</param>
    /// <param name="BearingDeg">On which side it stands; where it is when left out.</param>
    internal sealed record Request(
        string? VehicleId, string? Task, double? RadiusM, double? HeightM, double? BearingDeg, string? UnitCallSign, string? KeySiteId, bool? CameraOnPlace);
}

using System.Security.Claims;
using DroneOps.Missions;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Patrols;

/// <summary><c>POST /routes/import</c>: a .plan, .waypoints or .kml file becomes a route; what was not taken over is said.</summary>
internal static class ImportRoute
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/import", HandleAsync).RequireAuthorization(Policies.Plan)
        .HasETag().WithSummary("Make a route of a .plan, .waypoints or .kml file");

    private static async Task<Results<Created<RouteView>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, ClaimsPrincipal user, RouteBook book, RoutePlanner planner, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.FileName) || request.Content is not { Length: > 0 } content)
            return Problems.Invalid(new Fault("#/fileName", "fileName and content are needed."));
        var name = Path.GetFileNameWithoutExtension(request.FileName.Trim());
        name = name.Length is 0 or > 80 ? "import" : name;
        var faults = new List<InputFault>();
        var notes = new List<FindingView>();
        if (RouteFiles.Read(request.FileName, name, content, faults, notes) is not { } route)
            return Problems.Invalid([.. faults.Select(fault => new Fault("#/content", fault.ToString()))]);
        if (RouteBody.Of(route).Check().ToList() is { Count: > 0 } unreadable)
            return Problems.Invalid(unreadable);
        var planned = planner.Check(route);
        if (SaveRoute.Refusal(planned) is { } refusal)
            return refusal;
        var row = await book.AddAsync(null, name, planned, user.Actor(), cancellation);
        ETags.Set(context, row);
        return TypedResults.Created($"{ApiGroups.Prefix}/routes/{row.Id}", RouteView.Of(row, planned, notes));
    }

    /// <summary>The request: a file as text.</summary>
    internal sealed record Request(string? FileName, string? Content);
}

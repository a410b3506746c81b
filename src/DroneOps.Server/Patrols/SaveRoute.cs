using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Patrols;

/// <summary><c>POST /routes</c> and <c>PUT /routes/{id}</c>: keep a route, or its next version. One that must not be flown is refused.</summary>
internal static class SaveRoute
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("", CreateAsync).RequireAuthorization(Policies.Plan).HasETag().ProducesProblem(StatusCodes.Status422UnprocessableEntity).WithSummary("Keep a route");
        group.MapPut("/{id}", ReplaceAsync).RequireAuthorization(Policies.Plan)
            .HasETag().ProducesProblem(StatusCodes.Status422UnprocessableEntity).WithSummary("Make the next version of a route");
    }

    /// <summary>The refusal of a route that must not be flown; null when it may be.</summary>
    public static ProblemHttpResult? Refusal(CheckedRoute planned) => planned.Report.IsFlyable
        ? null
        : Problems.Refused("route-not-flyable", string.Join(" ", FindingView.Errors(planned.Report).Select(fault => fault.Detail).Take(5)), FindingView.Errors(planned.Report));

    private static async Task<Results<Created<RouteView>, ProblemHttpResult>> CreateAsync(
        Request request, HttpContext context, ClaimsPrincipal user, RouteBook book, RoutePlanner planner, CancellationToken cancellation)
    {
        var faults = Check(request).ToList();
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        var name = request.Name!.Trim();
        var planned = planner.Check(request.Route!.ToRoute(name));
        if (Refusal(planned) is { } refusal)
            return refusal;
        var row = await book.AddAsync(null, name, planned, user.Actor(), cancellation);
        ETags.Set(context, row);
        return TypedResults.Created($"{ApiGroups.Prefix}/routes/{row.Id}", RouteView.Of(row, planned));
    }

    private static async Task<Results<Ok<RouteView>, ProblemHttpResult>> ReplaceAsync(
        string id, Request request, HttpContext context, ClaimsPrincipal user, FleetDb db, RouteBook book, RoutePlanner planner, CancellationToken cancellation)
    {
        if (await db.Set<RouteRecord>().SingleOrDefaultAsync(route => route.Id == id, cancellation) is not { } row)
            return Problems.NotFound("route", id);
        if (ETags.Check(context, row) is { } stale)
            return stale;
        var faults = Check(request).ToList();
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        var name = request.Name!.Trim();
        var planned = planner.Check(request.Route!.ToRoute(name));
        if (Refusal(planned) is { } refusal)
            return refusal;
        await book.ReplaceAsync(db, row, name, planned, user.Actor(), cancellation);
        ETags.Set(context, row);
        return TypedResults.Ok(RouteView.Of(row, planned));
    }

    private static IEnumerable<Fault> Check(Request request)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 80)
            yield return new Fault("#/name", "name is 1 to 80 characters.");
        if (request.Route is null)
            yield return new Fault("#/route", "route is needed.");
        foreach (var fault in request.Route?.Check() ?? [])
            yield return fault;
    }

    /// <summary>The request; <c>route</c> is what a preview answers.</summary>
    internal sealed record Request(string? Name, RouteBody? Route);
}

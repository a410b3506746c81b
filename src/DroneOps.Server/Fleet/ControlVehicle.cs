using System.Security.Claims;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Fleet;

/// <summary><c>/vehicles/{id}/control</c>: the lease of a vehicle. POST takes or renews it, DELETE gives it up, <c>/offer</c> and
/// <c>/accept</c> hand it over. Its end never changes the flight.</summary>
internal static class ControlVehicle
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/{id}/control", TakeAsync).RequireAuthorization(Policies.Fly).WithSummary("Take or renew the control of a vehicle");
        group.MapDelete("/{id}/control", ReleaseAsync).RequireAuthorization(Policies.Fly).ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Give the control up");
        group.MapPost("/{id}/control/offer", OfferAsync).RequireAuthorization(Policies.Fly).WithSummary("Offer the control to somebody");
        group.MapPost("/{id}/control/accept", AcceptAsync).RequireAuthorization(Policies.Fly).WithSummary("Accept the control that was offered");
    }

    private static async Task<Results<Ok<ControlView>, ProblemHttpResult>> TakeAsync(
        string id, ClaimsPrincipal user, VehicleBoard board, IGrainFactory grains, CancellationToken cancellation)
    {
        if (board.Find(id) is null)
            return Problems.NotFound("vehicle", id);
        return await grains.GetGrain<IVehicleGrain>(id).TakeControl(user.Actor()).WaitAsync(cancellation) is { } lease
            ? TypedResults.Ok(View(lease))
            : Problems.Conflict("control-elsewhere", $"{board.Find(id)?.Control?.Holder ?? "Somebody else"} has the control.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ReleaseAsync(string id, ClaimsPrincipal user, VehicleBoard board, IGrainFactory grains, CancellationToken cancellation)
    {
        if (board.Find(id) is null)
            return Problems.NotFound("vehicle", id);
        return await grains.GetGrain<IVehicleGrain>(id).ReleaseControl(user.Actor()).WaitAsync(cancellation)
            ? TypedResults.NoContent()
            : Problems.Conflict("control-not-held", "You do not have the control.");
    }

    private static async Task<Results<Ok<ControlView>, ProblemHttpResult>> OfferAsync(
        string id, Offer offer, ClaimsPrincipal user, VehicleBoard board, IGrainFactory grains, Rights rights, CancellationToken cancellation)
    {
        if (board.Find(id) is null)
            return Problems.NotFound("vehicle", id);
        if (offer.To is not { Length: > 0 and <= 100 } name)
            return Problems.Invalid(new Fault("#/to", "to is a user name."));
        if (await rights.FindAsync(name.Contains(':', StringComparison.Ordinal) ? name : $"user:{name}", Policies.Fly, cancellation) is not { } to)
            return Problems.Invalid(new Fault("#/to", $"There is nobody named '{name}' who may fly."));
        return await grains.GetGrain<IVehicleGrain>(id).OfferControl(user.Actor(), to).WaitAsync(cancellation) is { } lease
            ? TypedResults.Ok(View(lease))
            : Problems.Conflict("control-not-held", "You do not have the control.");
    }

    private static async Task<Results<Ok<ControlView>, ProblemHttpResult>> AcceptAsync(
        string id, ClaimsPrincipal user, VehicleBoard board, IGrainFactory grains, CancellationToken cancellation)
    {
        if (board.Find(id) is null)
            return Problems.NotFound("vehicle", id);
        return await grains.GetGrain<IVehicleGrain>(id).AcceptControl(user.Actor()).WaitAsync(cancellation) is { } lease
            ? TypedResults.Ok(View(lease))
            : Problems.Conflict("control-not-offered", "The control was not offered to you.");
    }

    private static ControlView View(ControlLease lease) => new(lease.Holder, lease.ExpiresAt, lease.OfferedTo);

    /// <summary>To whom the control is offered: a user's name, or an actor as the audit log writes it.</summary>
    internal sealed record Offer(string? To);
}

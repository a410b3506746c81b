using System.Security.Claims;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Units;

/// <summary><c>PUT /units/{callSign}</c> and <c>DELETE /units/{callSign}</c>: what people enter about a crew.</summary>
internal static class EditUnit
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPut("/{callSign}", HandleAsync).RequireAuthorization(Policies.Dispatch).WithSummary("Enter a crew's tier and duty mode");
        group.MapDelete("/{callSign}", RemoveAsync).RequireAuthorization(Policies.Administer).WithSummary("Take a crew off the list; its next report brings it back");
    }

    private static async Task<Results<Ok<UnitView>, ProblemHttpResult>> HandleAsync(
        string callSign, Request request, ClaimsPrincipal user, UnitBoard board, AuditLog audit, IOptions<UnitsOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (board.Find(callSign) is null)
            return Problems.NotFound("unit", callSign);
        if (request.DutyMode is { } mode && options.Value.ModesInForce().All(known => known.Id != mode))
            return Problems.Invalid(new Fault("#/dutyMode", $"dutyMode is one of {string.Join(", ", options.Value.ModesInForce().Select(known => known.Id))}."));
        await audit.AppendAsync(new AuditEntry(user.Actor(), "unit.changed", $"unit/{callSign}", request), cancellation);
        return board.Edit(callSign, unit => unit with { Tier = request.Tier, DutyMode = request.DutyMode }) is { } edited
            ? TypedResults.Ok(UnitView.Of(edited, time.GetUtcNow(), options.Value))
            : Problems.NotFound("unit", callSign);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string callSign, ClaimsPrincipal user, UnitBoard board, AuditLog audit, CancellationToken cancellation)
    {
        if (board.Find(callSign) is null)
            return Problems.NotFound("unit", callSign);
        await audit.AppendAsync(new AuditEntry(user.Actor(), "unit.removed", $"unit/{callSign}", null), cancellation);
        board.Remove(callSign);
        return TypedResults.NoContent();
    }

    /// <summary>The request.</summary>
    internal sealed record Request(PatrolTier? Tier, string? DutyMode);
}

using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Units;

/// <summary><c>GET /units</c>, <c>GET /units/{callSign}</c> and <c>GET /units/dutyModes</c>.</summary>
internal static class ListUnits
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", List).WithSummary("The ground crews with their newest positions, by call sign");
        group.MapGet("/dutyModes", (IOptions<UnitsOptions> options) => TypedResults.Ok(new Page<DutyMode>(options.Value.ModesInForce(), null))).WithSummary("The duty modes and their names");
        group.MapGet("/{callSign}", Results<Ok<UnitView>, ProblemHttpResult> (string callSign, UnitBoard board, IOptions<UnitsOptions> options, TimeProvider time) =>
                board.Find(callSign) is { } unit ? TypedResults.Ok(UnitView.Of(unit, time.GetUtcNow(), options.Value)) : Problems.NotFound("unit", callSign))
            .WithSummary("One crew");
    }

    private static Results<Ok<Page<UnitView>>, ProblemHttpResult> List([AsParameters] PageRequest page, UnitBoard board, IOptions<UnitsOptions> options, TimeProvider time)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        var now = time.GetUtcNow();
        var rows = board.All.Where(unit => page.After is not { } after || string.CompareOrdinal(unit.CallSign, after) > 0).Take(page.Take + 1).ToList();
        return TypedResults.Ok(page.Of(rows, unit => UnitView.Of(unit, now, options.Value), unit => unit.CallSign));
    }
}

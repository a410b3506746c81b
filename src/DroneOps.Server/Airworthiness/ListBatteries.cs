using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Airworthiness;

/// <summary><c>GET /batteries</c>: every pack that has told its serial number, with what it has done and how worn it is.</summary>
internal static class ListBatteries
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("", HandleAsync).WithSummary("Packs by serial number: sorties, seconds in the air, charge cycles, health");

    private static async Task<Results<Ok<Page<BatteryPack>>, ProblemHttpResult>> HandleAsync([AsParameters] PageRequest page, FleetDb db, IOptions<AirworthinessOptions> options, CancellationToken cancellation) =>
        page.Fault is { } fault ? Problems.Invalid(fault) : TypedResults.Ok(page.OfAll(await AirframeBook.BatteriesAsync(db, null, options.Value, cancellation), pack => pack.Serial, newestFirst: false));
}

using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Dispatch;

/// <summary><c>/incidents/{id}/payload</c>: GET what the drones of the incident carry; POST switches a light or a loudspeaker and answers what the
/// vehicle said to it.</summary>
internal static class UsePayload
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/{id:guid}/payload", ListAsync).WithSummary("What the drones of the incident carry that can be switched");
        group.MapPost("/{id:guid}/payload", SwitchAsync).RequireAuthorization(Policies.Dispatch).WithSummary("Switch a light or a loudspeaker, or play a recorded message; refused while a pilot has control");
    }

    private static async Task<Results<Ok<Page<Carried>>, ProblemHttpResult>> ListAsync(Guid id, IncidentBook book, VehicleBoard board, IOptions<FleetOptions> options, CancellationToken cancellation) =>
        await book.FindAsync(id, cancellation) is { } incident
            ? TypedResults.Ok(new Page<Carried>([.. incident.Working.Select(drone => board.Find(drone.VehicleId)).OfType<FleetVehicle>().SelectMany(vehicle => options.Value.PayloadsOf(vehicle).Select(output => new Carried(vehicle.Id, output.Name)))], null))
            : Problems.NotFound("incident", id);

    private static async Task<Results<Ok<CommandVehicle.Answer>, ProblemHttpResult>> SwitchAsync(
        Guid id, Request request, ClaimsPrincipal user, IncidentBook book, VehicleBoard board, FleetCommands commands, IOptions<FleetOptions> options, CancellationToken cancellation)
    {
        if (request.Action is not ("light" or "loudspeaker"))
            return Problems.Invalid(new Fault("#/action", "action is light or loudspeaker."));
        if (request.On is null == request.Message is null || (request.Message is not null && request.Action != "loudspeaker"))
            return Problems.Invalid(new Fault("#/on", "Say on, or for a loudspeaker the message to play."));
        if (await book.FindAsync(id, cancellation) is not { } incident)
            return Problems.NotFound("incident", id);
        if (incident.DroneOf(request.VehicleId ?? incident.VehicleId ?? "") is not { IsWorking: true } drone || board.Find(drone.VehicleId) is not { } vehicle)
            return Problems.Conflict("no-drone", "No drone works this incident.");
        var name = request.Message is { } message ? $"loudspeaker/{message}" : request.Action;
        if (options.Value.PayloadsOf(vehicle).FirstOrDefault(output => output.Name == name) is not { } wanted)
            return Problems.Conflict("payload-not-offered", $"{vehicle.Name} carries no {name}.");
        var receipt = await commands.ExecuteAsync(vehicle.Id, wanted.Switch(request.On ?? true), new Commander(user.Actor(), false, id.ToString()), cancellation);
        return receipt.Refusal is { } refusal ? Problems.Forbidden(refusal.Slug, refusal.Detail) : TypedResults.Ok(CommandVehicle.Answer.Of(receipt));
    }

    /// <summary>The request: <c>on</c>, or a recorded <c>message</c> of the loudspeaker.</summary>
    internal sealed record Request(string? VehicleId, string? Action, bool? On, string? Message);

    /// <summary>Something that a drone carries.</summary>
    internal sealed record Carried(string VehicleId, string Name);
}

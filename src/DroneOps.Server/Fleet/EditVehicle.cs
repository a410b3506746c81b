using System.Text.Json;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Fleet;

/// <summary><c>PATCH /vehicles/{id}</c>: what people decide about a vehicle. Members that are not sent stay as they are.</summary>
internal static class EditVehicle
{
    public static void Map(RouteGroupBuilder group) => group
        .MapPatch("/{id}", HandleAsync)
        .RequireAuthorization(Policies.Administer)
        .Accepts<Request>("application/json")
        .HasBody<Request>()
        .HasETag()
        .WithSummary("Change a vehicle's name, its dock, its unit, or whether it is grounded by hand");

    private static async Task<Results<Ok<VehicleView>, ProblemHttpResult>> HandleAsync(
        string id, JsonElement body, HttpContext context, VehicleRegistry registry, VehicleDesk desk, VehicleBoard board, AirspaceBook airspace, AuditLog audit, CancellationToken cancellation)
    {
        if (registry.Find(id) is not { } entry)
            return Problems.NotFound("vehicle", id);
        if (ETags.Check(context, ETags.Of(entry.Version)) is { } stale)
            return stale;
        var faults = new List<Fault>();
        var (name, dock, unit, groundedFor) = (entry.Name, entry.DockId, entry.Unit, entry.Groundings.FirstOrDefault(grounding => grounding.By == Grounding.Hand)?.Reason);
        if (body.ValueKind != JsonValueKind.Object)
            return Problems.Invalid(new Fault("#", "The body is an object."));
        foreach (var member in body.EnumerateObject())
        {
            switch (member.Name)
            {
                case "name" when Text(member.Value) is { Length: > 0 and <= 40 } given:
                    name = given;
                    break;
                case "dockId" when member.Value.ValueKind == JsonValueKind.Null:
                    dock = null;
                    break;
                case "dockId" when Text(member.Value) is { } given && airspace.Current.Docks.Any(place => place.Id == given):
                    dock = given;
                    break;
                case "unit" when member.Value.ValueKind == JsonValueKind.Null:
                    unit = null;
                    break;
                case "unit" when Text(member.Value) is { Length: > 0 and <= 60 } given:
                    unit = given;
                    break;
                case "groundedFor" when member.Value.ValueKind == JsonValueKind.Null:
                    groundedFor = null;
                    break;
                case "groundedFor" when Text(member.Value) is { Length: > 0 and <= 200 } given:
                    groundedFor = given;
                    break;
                default:
                    faults.Add(new Fault($"#/{member.Name}", member.Name switch
                    {
                        "name" => "name is 1 to 40 characters.",
                        "dockId" => "dockId is the id of a dock, or null.",
                        "unit" => "unit is the police unit that it belongs to, 1 to 60 characters, or null.",
                        "groundedFor" => "groundedFor is the reason why it must not fly, or null.",
                        _ => $"A vehicle has no {member.Name} that can be changed; name, dockId, unit and groundedFor can.",
                    }));
                    break;
            }
        }

        if (faults.Count > 0)
            return Problems.Invalid(faults);
        await audit.AppendAsync(new AuditEntry(context.User.Actor(), "vehicle.changed", $"vehicle/{id}", new { name, dockId = dock, unit, groundedFor }), cancellation);
        var changed = await registry.EditAsync(
            id,
            entry.Version,
            change =>
            {
                (change.Name, change.DockId, change.Unit) = (name, dock, unit);
                change.Ground(Grounding.Hand, groundedFor is null ? [] : [groundedFor]);
            },
            cancellation);
        desk.Refresh(id);
        context.Response.Headers.ETag = ETags.Of(changed.Version);
        return TypedResults.Ok(VehicleView.Of(board.Find(id)!));
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : null;

    /// <summary>The members that can be changed; null takes the dock, the unit or the grounding by hand away.</summary>
    internal sealed record Request(string? Name, string? DockId, string? Unit, string? GroundedFor);
}

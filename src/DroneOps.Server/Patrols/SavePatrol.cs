using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Patrols;

/// <summary><c>POST /patrols</c>, <c>PUT /patrols/{id}</c> and <c>DELETE /patrols/{id}</c>.</summary>
internal static class SavePatrol
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("", CreateAsync).RequireAuthorization(Policies.Plan).HasETag().WithSummary("Make a patrol");
        group.MapPut("/{id:guid}", ReplaceAsync).RequireAuthorization(Policies.Plan).HasETag().WithSummary("Change a patrol");
        group.MapDelete("/{id:guid}", DeleteAsync).RequireAuthorization(Policies.Plan).HasETag().WithSummary("Delete a patrol; its occurrences stay");
    }

    private static async Task<Results<Created<PatrolView>, ProblemHttpResult>> CreateAsync(
        Request request, HttpContext context, ClaimsPrincipal user, FleetDb db, PatrolBook book, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        var faults = await CheckAsync(request, db, cancellation);
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        var now = time.GetUtcNow();
        var row = new PatrolRecord { Id = Guid.CreateVersion7(now), Name = "", RouteId = "", VehicleIds = [], VehicleCount = 1, Enabled = false, ChangedAt = now };
        Apply(request, row);
        row.ApprovedBy = user.Actor();
        db.Add(row);
        await SaveAsync(db, book, audit, user.Actor(), "patrol.created", row, cancellation);
        ETags.Set(context, row);
        return TypedResults.Created($"{ApiGroups.Prefix}/patrols/{row.Id}", PatrolView.Of(row));
    }

    private static async Task<Results<Ok<PatrolView>, ProblemHttpResult>> ReplaceAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, FleetDb db, PatrolBook book, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (await db.Set<PatrolRecord>().SingleOrDefaultAsync(patrol => patrol.Id == id, cancellation) is not { } row)
            return Problems.NotFound("patrol", id);
        if (ETags.Check(context, row) is { } stale)
            return stale;
        var faults = await CheckAsync(request, db, cancellation);
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        Apply(request, row);
        (row.ChangedAt, row.ApprovedBy) = (time.GetUtcNow(), user.Actor());
        await SaveAsync(db, book, audit, user.Actor(), "patrol.changed", row, cancellation);
        ETags.Set(context, row);
        return TypedResults.Ok(PatrolView.Of(row));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, HttpContext context, ClaimsPrincipal user, FleetDb db, PatrolBook book, AuditLog audit, CancellationToken cancellation)
    {
        if (await db.Set<PatrolRecord>().SingleOrDefaultAsync(patrol => patrol.Id == id, cancellation) is not { } row)
            return Problems.NotFound("patrol", id);
        if (ETags.Check(context, row) is { } stale)
            return stale;
        db.Remove(row);
        await SaveAsync(db, book, audit, user.Actor(), "patrol.deleted", row, cancellation);
        return TypedResults.NoContent();
    }

    private static async Task SaveAsync(FleetDb db, PatrolBook book, AuditLog audit, string actor, string action, PatrolRecord row, CancellationToken cancellation)
    {
        await audit.AppendAsync(new AuditEntry(actor, action, $"patrol/{row.Id}", PatrolView.Of(row)), cancellation);
        await db.SaveChangesAsync(cancellation);
        book.NoteChange();
    }

    private static void Apply(Request request, PatrolRecord row)
    {
        row.Name = request.Name!.Trim();
        row.RouteId = request.RouteId!;
        row.VehicleIds = [.. (request.VehicleIds ?? []).Distinct(StringComparer.Ordinal)];
        row.VehicleCount = request.VehicleCount ?? 1;
        row.Enabled = request.Enabled ?? true;
        row.Schedule = request.EveryMinutes is { } every && Time(request.From) is { } from && Time(request.To) is { } to
            ? new(every, from, to, [.. (request.Days ?? [1, 2, 3, 4, 5, 6, 7]).Distinct().Order()])
            : null;
    }

    private static async Task<List<Fault>> CheckAsync(Request request, FleetDb db, CancellationToken cancellation)
    {
        var faults = new List<Fault>();
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 80)
            faults.Add(new Fault("#/name", "name is 1 to 80 characters."));
        if (request.RouteId is null || !await db.Set<RouteRecord>().AnyAsync(route => route.Id == request.RouteId, cancellation))
            faults.Add(new Fault("#/routeId", $"There is no route '{request.RouteId}'."));
        if (request.VehicleCount is < 1 or > 20)
            faults.Add(new Fault("#/vehicleCount", "vehicleCount is 1 to 20."));
        if (request.VehicleIds is { Count: > 100 })
            faults.Add(new Fault("#/vehicleIds", "vehicleIds names at most 100 drones."));
        if (request.EveryMinutes is null)
            return faults;
        if (request.EveryMinutes is < 5 or > 1440)
            faults.Add(new Fault("#/everyMinutes", "everyMinutes is 5 to 1440."));
        if (Time(request.From) is null)
            faults.Add(new Fault("#/from", "from is HH:mm."));
        if (Time(request.To) is null)
            faults.Add(new Fault("#/to", "to is HH:mm."));
        if (request.Days is { } days && (days.Count == 0 || days.Any(day => day is < 1 or > 7)))
            faults.Add(new Fault("#/days", "days are 1 (Monday) to 7 (Sunday), at least one."));
        return faults;
    }

    private static TimeOnly? Time(string? text) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>The request; without everyMinutes the patrol is only started by hand.</summary>
    internal sealed record Request(
        string? Name, string? RouteId, IReadOnlyList<string>? VehicleIds, int? VehicleCount, int? EveryMinutes, string? From, string? To, IReadOnlyList<int>? Days, bool? Enabled);
}

using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Dispatch;

/// <summary>What became of an event.</summary>
internal enum EventOutcome
{
    /// <summary>Done now.</summary>
    Done,

    /// <summary>Done when it came the first time.</summary>
    Repeated,

    /// <summary>Of a type that is nothing to us.</summary>
    Ignored,

    /// <summary>Refused as the same request would be.</summary>
    Refused,
}

/// <summary>What became of an event.</summary>
/// <param name="Id">The event's.</param>
/// <param name="Source">The event's.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it was ignored or refused; null otherwise.</param>
/// <param name="Status">The status that the same request would be answered with; null when there is no such request.</param>
/// <param name="Answer">The answer to the same request: the incident, or the problem.</param>
internal sealed record Taken(string Id, string Source, EventOutcome Outcome, string? Reason, int? Status, JsonElement? Answer);

/// <summary>Takes in events of other systems: each is the request it stands for, by the same code and with the same answer, done once however often
/// it comes.</summary>
/// <remarks>Owner of the table <c>received_events</c>. The same event twice at once waits for itself; others do not wait for a drone that is slow to
/// take its new way. What was refused is not remembered: sent again, it is tried again.</remarks>
internal sealed class EventIntake(IServiceScopeFactory scopes, IServiceProvider services, IDbContextFactory<FleetDb> databases, AuditLog audit, TimeProvider time) : IDisposable
{
    public const string Reported = "cn.droneops.incident.reported";
    public const string Moved = "cn.droneops.incident.moved";
    public const string Closed = "cn.droneops.incident.closed";

    /// <summary>How long an event is known again.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromDays(30);

    private const int LongestNumber = 100;
    private const int Gates = 64;
    private static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);

    private readonly RequestDelegate _report = Handler(ReportIncident.HandleAsync, services);
    private readonly RequestDelegate _move = Handler(MoveIncident.HandleAsync, services, "id");
    private readonly RequestDelegate _close = Handler(CloseIncident.HandleAsync, services, "id");
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Gates).Select(_ => new SemaphoreSlim(1, 1))];
    private long _cleanAt;

    /// <summary>Takes in an event.</summary>
    public async Task<Taken> TakeAsync(CloudEvent happened, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (happened.Type is not (Reported or Moved or Closed))
            return new(happened.Id, happened.Source, EventOutcome.Ignored, $"There is nothing to do for events of type {happened.Type}.", null, null);
        var key = ReceivedEvent.KeyOf(happened);
        var gate = _gates[key[0] % Gates];
        await gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (await db.Set<ReceivedEvent>().AnyAsync(known => known.Key == key, cancellation))
                return new(happened.Id, happened.Source, EventOutcome.Repeated, null, null, null);
            await audit.AppendAsync(new AuditEntry(user.Actor(), "incident.eventReceived", $"event/{happened.Id}", new { happened.Source, happened.Type, happened.Subject }), cancellation);
            var taken = happened.Type == Reported ? await ReportAsync(happened, user, cancellation) : await OfKnownAsync(db, happened.Type == Moved ? _move : _close, happened, user, cancellation);
            if (taken.Outcome == EventOutcome.Done)
            {
                db.Add(new ReceivedEvent { Key = key, At = time.GetUtcNow() });
                await db.SaveChangesAsync(CancellationToken.None);
                await CleanAsync(db, cancellation);
            }

            return taken;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        foreach (var gate in _gates)
            gate.Dispose();
    }

    /// <summary>The number makes a report idempotent even where we die between the incident and the note that its event was done.</summary>
    private Task<Taken> ReportAsync(CloudEvent happened, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var body = happened.Data;
        if (body.ValueKind == JsonValueKind.Object && (!body.TryGetProperty("externalNumber", out var number) || number.ValueKind == JsonValueKind.Null))
        {
            var report = JsonObject.Create(body)!;
            report["externalNumber"] = happened.Subject is { Length: <= LongestNumber } subject ? subject : Convert.ToHexStringLower(ReceivedEvent.KeyOf(happened));
            body = JsonSerializer.SerializeToElement(report);
        }

        return AskAsync(_report, body, null, happened, user, cancellation);
    }

    /// <summary>The subject says which incident: its number, or the id we gave it.</summary>
    private async Task<Taken> OfKnownAsync(FleetDb db, RequestDelegate handler, CloudEvent happened, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (happened.Subject is not { } subject)
            return await RefusedAsync(Problems.Invalid(new Fault("subject", "subject is the incident's externalNumber or id.")), happened, user, cancellation);
        var hasId = Guid.TryParse(subject, out var id);
        var incident = await db.Set<IncidentRecord>().AsNoTracking().FirstOrDefaultAsync(row => row.ExternalNumber == subject || (hasId && row.Id == id), cancellation);
        return incident is null
            ? await RefusedAsync(Problems.NotFound("incident", subject), happened, user, cancellation)
            : await AskAsync(handler, happened.Data, incident.Id, happened, user, cancellation);
    }

    private Task<Taken> RefusedAsync(IResult problem, CloudEvent happened, ClaimsPrincipal user, CancellationToken cancellation) =>
        AskAsync(problem.ExecuteAsync, default, null, happened, user, cancellation);

    private async Task<Taken> AskAsync(RequestDelegate handler, JsonElement body, Guid? incident, CloudEvent happened, ClaimsPrincipal user, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        using var sent = new MemoryStream(body.ValueKind == JsonValueKind.Undefined ? [] : Encoding.UTF8.GetBytes(body.GetRawText()));
        using var answered = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, User = user, RequestAborted = cancellation };
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody(sent.Length > 0));
        (context.Request.Method, context.Request.ContentType, context.Request.ContentLength, context.Request.Body) = (HttpMethods.Post, "application/json", sent.Length, sent);
        context.Request.RouteValues["id"] = incident?.ToString();
        context.Response.Body = answered;
        try
        {
            await handler(context);
        }
        catch (BadHttpRequestException problem)
        {
            await new BadRequests().TryHandleAsync(context, problem, cancellation);
        }

        using var answer = JsonDocument.Parse(answered.ToArray());
        var status = context.Response.StatusCode;
        var root = answer.RootElement.Clone();
        return status < StatusCodes.Status400BadRequest
            ? new(happened.Id, happened.Source, EventOutcome.Done, null, status, root)
            : new(happened.Id, happened.Source, EventOutcome.Refused, root.TryGetProperty("detail", out var detail) ? detail.GetString() : null, status, root);
    }

    private async Task CleanAsync(FleetDb db, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var due = Interlocked.Read(ref _cleanAt);
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref _cleanAt, (now + CleanEvery).UtcTicks, due) != due)
            return;
        var oldest = now - KnownFor;
        await db.Set<ReceivedEvent>().Where(known => known.At < oldest).ExecuteDeleteAsync(cancellation);
    }

    private static RequestDelegate Handler(Delegate handler, IServiceProvider services, params string[] routeParameters) =>
        RequestDelegateFactory.Create(handler, new RequestDelegateFactoryOptions { ServiceProvider = services, RouteParameterNames = routeParameters, ThrowOnBadRequest = true }).RequestDelegate;

    private sealed record HasBody(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}

/// <summary>An event that was done. Owner: <see cref="EventIntake"/>.</summary>
internal sealed class ReceivedEvent
{
    /// <summary>SHA-256 of source and id.</summary>
    public required byte[] Key { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The key of an event; a line break can be in neither of its two parts.</summary>
    public static byte[] KeyOf(CloudEvent happened) => SHA256.HashData(Encoding.UTF8.GetBytes($"{happened.Source}\n{happened.Id}"));

    internal sealed class Table : IEntityTypeConfiguration<ReceivedEvent>
    {
        public void Configure(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<ReceivedEvent> builder)
        {
            builder.ToTable("received_events");
            builder.HasKey(known => known.Key);
            builder.HasIndex(known => known.At);
        }
    }
}

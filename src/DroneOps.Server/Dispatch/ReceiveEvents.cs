using System.Security.Claims;
using System.Text.Json;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace DroneOps.Server.Dispatch;

/// <summary><c>POST /incidents/events</c>: incidents of another system as CloudEvents 1.0, in binary or structured mode or in batches; and the
/// handshake that a sender of such events begins with.</summary>
internal static class ReceiveEvents
{
    private const string Rate = "600";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/events", HandleAsync).RequireAuthorization(Policies.Dispatch)
            .Accepts<Shape>(CloudEvent.Structured, CloudEvent.Batch, "application/json")
            .WithSummary("Take in incidents as CloudEvents 1.0: one in binary or structured mode, or a batch");
        group.MapMethods("/events", [HttpMethods.Options], Agree).AllowAnonymous().WithSummary("The handshake of CloudEvents web hooks: whether events may be sent here");
    }

    /// <summary>Anybody may ask: the answer says that events are wanted, and the token decides from whom.</summary>
    private static NoContent Agree(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Allow = "POST, OPTIONS";
        if (context.Request.Headers.TryGetValue("WebHook-Request-Origin", out var origin) && origin is [{ Length: > 0 and < 256 } name] && Uri.CheckHostName(name) != UriHostNameType.Unknown)
        {
            headers["WebHook-Allowed-Origin"] = name;
            headers["WebHook-Allowed-Rate"] = Rate;
        }

        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<Page<Taken>>, Ok<Taken>, Accepted<Taken>, ProblemHttpResult>> HandleAsync(HttpContext context, ClaimsPrincipal user, EventIntake intake, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellation);
        ReadOnlyMemory<byte> sent = body.GetBuffer().AsMemory(0, (int)body.Length);
        List<Fault> faults = [];
        var mediaType = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) ? type.MediaType.ToString() : "";
        if (mediaType.Equals(CloudEvent.Batch, StringComparison.OrdinalIgnoreCase))
        {
            if (CloudEventReader.ReadBatch(sent, faults) is not { } events)
                return Problems.Invalid(faults);
            List<Taken> taken = [];
            foreach (var one in events)
                taken.Add(await intake.TakeAsync(one, user, cancellation));
            return TypedResults.Ok(new Page<Taken>(taken, null));
        }

        var read = mediaType.Equals(CloudEvent.Structured, StringComparison.OrdinalIgnoreCase)
            ? CloudEventReader.ReadStructured(sent, faults)
            : CloudEventReader.ReadBinary(context.Request.Headers, sent, faults);
        if (read is null)
            return Problems.Invalid(faults);
        var result = await intake.TakeAsync(read, user, cancellation);
        return result.Outcome switch
        {
            EventOutcome.Refused => TypedResults.Problem(result.Answer!.Value.Deserialize<Microsoft.AspNetCore.Mvc.ProblemDetails>()!),
            EventOutcome.Ignored => TypedResults.Accepted((string?)null, result),
            _ => TypedResults.Ok(result),
        };
    }

    /// <summary>An event in structured mode, for the document.</summary>
    internal sealed record Shape(string Specversion, string Id, string Source, string Type, string? Subject, DateTimeOffset? Time, string? Datacontenttype, JsonElement? Data);
}

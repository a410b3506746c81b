using System.Net.WebSockets;
using System.Security.Claims;
using System.Text.Json;
using DroneOps.Server.Accounts;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;

namespace DroneOps.Server.Units;

/// <summary><c>/units/avl</c>, a WebSocket: the location system of the crews sends one report per text message, <c>{"callSign", "location", "at",
/// "headingDeg", "speedMps", "status"}</c>. A report that is not right is answered with <c>{"callSign", "errors"}</c> and changes nothing; the
/// connection goes on.</summary>
internal static class ReportStream
{
    private const int LongestMessage = 4096;
    private static readonly JsonSerializerOptions Json = Make();

    public static void Map(RouteGroupBuilder group) =>
        group.MapGet("/avl", HandleAsync).RequireAuthorization(Policies.Dispatch).ProducesProblem(StatusCodes.Status426UpgradeRequired).WithSummary("A WebSocket for position reports, one JSON object per message");

    private static async Task<IResult> HandleAsync(
        HttpContext context, ClaimsPrincipal user, UnitBoard board, AirspaceBook airspace, AuditLog audit, Reporters reporters, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            return Problems.Other(StatusCodes.Status426UpgradeRequired, "websocket-needed", "A WebSocket is needed.", "Connect with a WebSocket; single reports go to PUT /units/{callSign}/position.");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var place = reporters.Enter(user, () => ending.End());
        await using var expiry = time.CreateTimer(_ => ending.End(), null, Sessions.LeftOf(context, time), Timeout.InfiniteTimeSpan);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        try
        {
            await ReadAsync(socket, async message =>
            {
                var faults = new List<Fault>();
                var sent = Parse(message.Span, faults);
                if (sent is not null && ReportPosition.Read(sent.CallSign, sent.ToRequest(), airspace, time.GetUtcNow(), faults) is { } report)
                    await ReportPosition.TakeAsync(report, user.Actor(), board, audit, ending.Token);
                else
                    await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { sent?.CallSign, Errors = faults }, Json), WebSocketMessageType.Text, true, ending.Token);
            }, ending.Token);
        }
        catch (Exception end) when (end is OperationCanceledException or WebSocketException)
        {
            // The other side left, may not report any more, or we close: a location system connects again.
        }

        return Results.Empty;
    }

    private static async Task ReadAsync(WebSocket socket, Func<ReadOnlyMemory<byte>, Task> take, CancellationToken cancellation)
    {
        // Read, dealt with, then the next: who sends faster than that is slowed down by TCP.
        var buffer = new byte[LongestMessage];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                if (length == buffer.Length)
                {
                    await socket.CloseAsync(WebSocketCloseStatus.MessageTooBig, $"A report has at most {LongestMessage} bytes.", cancellation);
                    return;
                }

                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
                return;
            }

            await take(buffer.AsMemory(0, length));
        }
    }

    private static Sent? Parse(ReadOnlySpan<byte> message, List<Fault> faults)
    {
        try
        {
            if (JsonSerializer.Deserialize<Sent>(message, Json) is { } sent)
                return sent;
            faults.Add(new Fault("#", "A report is a JSON object."));
        }
        catch (JsonException problem)
        {
            faults.Add(new Fault("#" + problem.Path?.TrimStart('$').Replace('.', '/'), "This is not a report: " + problem.Message.Split(" Path: ")[0]));
        }

        return null;
    }

    private static JsonSerializerOptions Make()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        ApiModule.ConfigureJson(json);
        return json;
    }

    private sealed record Sent(string? CallSign, PointGeometry? Location, DateTimeOffset? At, double? HeadingDeg, double? SpeedMps, UnitStatus? Status)
    {
        public ReportPosition.Request ToRequest() => new(Location, At, HeadingDeg, SpeedMps, Status);
    }
}

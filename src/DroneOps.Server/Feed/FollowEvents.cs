using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace DroneOps.Server.Feed;

/// <summary><c>GET /feed/events</c>: the feed as server-sent events, for programs that have HTTP and nothing more.</summary>
internal static class FollowEvents
{
    /// <summary>A comment is sent this often, so that both sides and what is between them know the stream is alive.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(15);

    private const int SoonestRetryMs = 1000;
    private const int LatestRetryMs = 5000;

    /// <summary>What a client may ask for.</summary>
    internal sealed record Query
    {
        /// <summary>West, south, east, north in degrees, with commas.</summary>
        public string? Bounds { get; init; }

        /// <summary>Ids of vehicles, with commas.</summary>
        public string? Vehicles { get; init; }

        /// <summary>How often a vehicle is sent at most.</summary>
        public double? RateHz { get; init; }

        /// <summary>False for events only.</summary>
        public bool? Positions { get; init; }

        /// <summary>Vehicles whole once, then what changed.</summary>
        public bool? ChangesOnly { get; init; }

        /// <summary>The last event seen: sent by browsers and libraries when they come back.</summary>
        [FromHeader(Name = "Last-Event-ID")]
        public string? LastEventId { get; init; }
    }

    public static void Map(RouteGroupBuilder group) => group.MapGet("/events", HandleAsync)
        .WithMetadata(Admitted.Mark)
        .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithSummary("The feed as server-sent events: what happens, and where the vehicles and crews are");

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> HandleAsync(
        [AsParameters] Query query, HttpContext context, ClaimsPrincipal user, FeedClients clients, FeedUnits units, IHostApplicationLifetime host, TimeProvider time)
    {
        if (!TryRead(query, out var request, out var fault))
            return Problems.Invalid(fault);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        var connection = $"stream-{Guid.CreateVersion7(time.GetUtcNow())}";
        FeedConnections.KeepQueueShort(context.Features.Get<IConnectionSocketFeature>()?.Socket);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // Proxies of the nginx family gather answers unless they are told not to.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        using var beat = new PeriodicTimer(BeatEvery, time);
        using var stream = new FeedStream(context.Response.BodyWriter);
        try
        {
            // Drawn by lot: those whom a restart parted from the server do not all come back in the same moment.
            await stream.WriteAsync(StreamForm.Begin(TimeSpan.FromMilliseconds(Random.Shared.Next(SoonestRetryMs, LatestRetryMs))), ended.Token);
            clients.Add(connection, user, Sessions.LeftOf(context, time), stream, () => ended.End());
            await clients.SubscribeAsync(connection, request);
            units.Greet(connection);
            context.Features.Get<Admission>()?.Dispose();
            while (await beat.WaitForNextTickAsync(ended.Token))
                await stream.WriteAsync(StreamForm.Beat, ended.Token);
        }
        catch (OperationCanceledException)
        {
            // The client, the server or the right to listen has gone.
        }
        finally
        {
            await clients.RemoveAsync(connection);
        }

        return TypedResults.Empty;
    }

    private static bool TryRead(Query query, out FeedRequest request, out Fault fault)
    {
        request = new FeedRequest(null, null);
        fault = new Fault("bounds", "bounds is west,south,east,north in degrees.");
        double[]? bounds = null;
        if (query.Bounds is { Length: > 0 } box)
        {
            var parts = box.Split(',');
            bounds = new double[parts.Length];
            for (var at = 0; at < parts.Length; at++)
            {
                if (!double.TryParse(parts[at], NumberStyles.Float, CultureInfo.InvariantCulture, out bounds[at]))
                    return false;
            }
        }

        long? last = null;
        if (query.LastEventId is { Length: > 0 } text)
        {
            fault = new Fault("Last-Event-ID", "Last-Event-ID is the id of an event of this feed.");
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return false;
            last = id;
        }

        request = new FeedRequest(
            bounds,
            query.Vehicles is { Length: > 0 } ids ? ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : null,
            query.RateHz ?? FeedRequest.UsualRateHz,
            last,
            query.ChangesOnly == true,
            EventsOnly: query.Positions == false);
        if (request.Problem() is not { } problem)
            return true;
        fault = new Fault(problem[..problem.IndexOf(' ', StringComparison.Ordinal)], problem);
        return false;
    }
}

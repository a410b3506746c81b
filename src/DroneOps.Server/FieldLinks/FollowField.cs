using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.FieldLinks;

/// <summary><c>GET /field/events</c>: the same as <c>GET /field/incident</c> whenever something of it changes, as server-sent events. The last event is
/// <c>ended</c>.</summary>
internal static class FollowField
{
    private const string EventStream = "text/event-stream";

    // A drone's position changes all the time; once a second is what a phone's network and battery are worth.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    // Another node may have ended the link; and whatever is between must not take the stream for dead.
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(15);

    private static readonly ReadOnlyMemory<byte> Begin = "retry: 3000\n\n"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> End = "event: ended\ndata: {}\n\n"u8.ToArray();

    public static void Map(RouteGroupBuilder group) => group.MapGet("/events", HandleAsync)
        .WithMetadata(Admitted.Mark)
        .Produces(StatusCodes.Status200OK, contentType: EventStream)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithSummary("The incident of the link whenever something of it changes, as server-sent events");

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> HandleAsync(
        HttpContext context, FieldSessions sessions, FieldStreams streams, FieldLinkBook links, IncidentChanges changes, FieldPicture picture,
        IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json, IHostApplicationLifetime host, TimeProvider time)
    {
        if (await sessions.ShownToAsync(context, context.RequestAborted) is not var (link, row))
            return FieldSessions.NoLink;
        var woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var place = streams.Enter(link.Id, FieldUse.Follow, Wake);
        if (place is null)
            return Problems.Other(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many phones.", $"The link is open on {FieldStreams.MostOfLink} phones already.");
        var newest = IncidentView.Of(row);
        changes.Changed += OnChanged;
        try
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            context.Response.ContentType = EventStream;
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await context.Response.BodyWriter.WriteAsync(Begin, gone.Token);
            context.Features.Get<Admission>()?.Dispose();
            await FollowAsync(gone.Token);
        }
        catch (OperationCanceledException)
        {
            // The phone or the server has gone.
        }
        finally
        {
            changes.Changed -= OnChanged;
        }

        return TypedResults.Empty;

        // One waiting look is enough, however many reasons there are for it.
        void Wake() => woken.Writer.TryWrite(true);

        void OnChanged(IncidentView incident)
        {
            if (incident.Id != row.Id)
                return;
            Volatile.Write(ref newest, incident);
            Wake();
        }

        async Task FollowAsync(CancellationToken cancellation)
        {
            await using var timer = time.CreateTimer(_ => Wake(), null, LookEvery, LookEvery);
            byte[] sent = [];
            var beatAt = time.GetUtcNow() + BeatEvery;
            do
            {
                var (now, incident) = (time.GetUtcNow(), Volatile.Read(ref newest));
                var isDue = now >= beatAt;

                // Merged into another, or taken apart from it again: the phone comes back and is shown the other.
                if (incident.MergedInto is not null || (isDue && await links.IncidentOfAsync(link, cancellation) is { } shown && shown.Id != row.Id))
                    return;
                if (!link.IsValid(now) || place.HasEnded || incident.State == IncidentState.Closed || (isDue && await links.FindAsync(link.Id, cancellation) is null))
                {
                    await context.Response.BodyWriter.WriteAsync(End, cancellation);
                    return;
                }

                var view = picture.Of(link, incident);
                // Ages and the clock run by themselves: what only they changed is not sent.
                var still = JsonSerializer.SerializeToUtf8Bytes(view with { Now = default, Drones = [.. view.Drones.Select(drone => drone with { PositionAgeS = null })] }, json.Value.SerializerOptions);
                if (!still.AsSpan().SequenceEqual(sent) || isDue)
                {
                    sent = still;
                    beatAt = now + BeatEvery;
                    await WriteAsync(view, cancellation);
                }
            }
            while (await woken.Reader.ReadAsync(cancellation));
        }

        async Task WriteAsync(FieldView view, CancellationToken cancellation)
        {
            var text = Encoding.UTF8.GetBytes($"event: incident\ndata: {JsonSerializer.Serialize(view, json.Value.SerializerOptions)}\n\n");
            if (await context.Response.BodyWriter.WriteAsync(text, cancellation) is { IsCompleted: true } or { IsCanceled: true })
                throw new OperationCanceledException("The phone has gone.");
        }
    }
}

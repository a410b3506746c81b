using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using DroneOps.Server.Video;

namespace DroneOps.Server.FieldLinks;

/// <summary><c>GET /field/cameras/{id}/live</c>, a WebSocket: what a drone of the link's incident sees. It ends with the link, with the incident, and when
/// the drone leaves it.</summary>
internal static class WatchFieldPicture
{
    // Another node may have ended the link.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    public static void Map(RouteGroupBuilder group) => group.MapGet("/cameras/{id}/live", HandleAsync)
        .WithMetadata(Admitted.Mark)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status426UpgradeRequired)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithSummary("A WebSocket with the live pictures of a camera of the link's incident; format=pictures or mp4; the look is audited");

    private static async Task<IResult> HandleAsync(
        string id, string? format, string? codec, HttpContext context, FieldSessions sessions, FieldStreams places, FieldLinkBook links, IncidentChanges changes, VideoStreams streams, LiveShowing showing,
        TimeProvider time)
    {
        if (await sessions.ShownToAsync(context, context.RequestAborted) is not var (link, row))
            return FieldSessions.NoLink;

        // A camera of another incident is none, for who has only this one.
        if (streams.Find(id) is not { } stream || !Shows(IncidentView.Of(row), stream))
            return Problems.NotFound("camera", id);
        using CancellationTokenSource ended = new();
        using var place = places.Enter(link.Id, FieldUse.Watch, End);
        if (place is null)
            return Problems.Other(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many phones.", $"The link shows {FieldStreams.MostOfLink} pictures already.");
        void End()
        {
            try
            {
                ended.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The look has ended already.
            }
        }

        void OnChanged(IncidentView incident)
        {
            if (incident.Id == row.Id && (incident.State == IncidentState.Closed || !Shows(incident, stream)))
                End();
        }

        async Task LookAsync()
        {
            try
            {
                if (await links.FindAsync(link.Id, CancellationToken.None) is null)
                    End();
            }
            catch (Exception error) when (Outage.Is(error))
            {
                // A database that does not answer takes the picture from nobody; its time ends it all the same.
            }
        }

        changes.Changed += OnChanged;
        try
        {
            await using var looking = time.CreateTimer(_ => _ = LookAsync(), null, LookEvery, LookEvery);
            var left = link.ExpiresAt - time.GetUtcNow();
            return await showing.ShowAsync(
                context, stream, format, codec, new(CrewReport.ActorOf(link.CallSign), null, new { fieldLink = link.Id, incident = row.Id }, left > TimeSpan.Zero ? left : TimeSpan.Zero, ended.Token));
        }
        finally
        {
            changes.Changed -= OnChanged;
        }
    }

    private static bool Shows(IncidentView incident, VideoStream stream) => incident.Drones.Any(drone => FieldPicture.IsSeen(drone) && drone.VehicleId == stream.Settings.VehicleId);
}

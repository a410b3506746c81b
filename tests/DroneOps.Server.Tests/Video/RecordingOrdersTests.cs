using DroneOps.Mavlink.Messages;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video;
using DroneOps.Server.Video.Recording;
using DroneOps.Vehicles;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Video;

/// <summary>Orders that come while another is carried out, or when it cannot be: none is lost, and none comes back that somebody has ended.</summary>
public abstract class RecordingOrdersTests(Store store)
{
    private const long Quota = 500_000_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recording_that_is_just_being_begun_is_ended_when_it_is_forbidden_and_goes_on_when_it_is_allowed()
    {
        await using var rig = await StartAsync();
        var desk = Desk(rig);
        var forbidden = During(rig, "video.recordingStarted", () => desk.ForbidAsync(rig.Video, "school", Token));
        var begun = await desk.BeginAsync(rig.Video, "user:pilot", "一号警情", Token);
        await await forbidden;
        Assert.Empty(desk.Running);
        Assert.True(begun!.IsClosed);

        await desk.AllowAsync(rig.Video, Token);
        Assert.Equal(begun.Identity.Id, Assert.Single(desk.Running).Identity.Resumes);
    }

    [Fact]
    public async Task A_recording_that_is_ordered_while_the_one_before_is_being_closed_is_another()
    {
        await using var rig = await StartAsync();
        var desk = Desk(rig);
        var first = await desk.BeginAsync(rig.Video, "user:pilot", null, Token);
        var next = During(rig, "video.recordingStopped", () => desk.BeginAsync(rig.Video, "user:other", null, Token));
        Assert.Same(first, await desk.EndAsync(VideoRig.Stream, "user:pilot", Token));
        var second = await await next;
        Assert.Same(second, Assert.Single(desk.Running));
        Assert.Equal(("user:other", false, true), (second!.Identity.StartedBy, second.IsClosed, first!.IsClosed));
    }

    [Fact]
    public async Task What_waits_behind_a_zone_waits_for_room_as_well_and_who_ends_it_meanwhile_has_ended_it()
    {
        await using var rig = await StartAsync();
        var desk = Desk(rig);
        var room = rig.Server.Services.GetRequiredService<DiskRoom>();
        var first = await desk.BeginAsync(rig.Video, "user:pilot", null, Token);
        await desk.ForbidAsync(rig.Video, "school", Token);
        room.Add(Quota);
        await desk.AllowAsync(rig.Video, Token);
        Assert.Equal((0, rig.Video), (desk.Running.Count, Assert.Single(desk.Owed)));
        room.Add(-Quota);
        await PassAsync(rig);
        Assert.Equal(first!.Identity.Id, Assert.Single(desk.Running).Identity.Resumes);

        await desk.ForbidAsync(rig.Video, "school", Token);
        room.Add(Quota);
        await desk.AllowAsync(rig.Video, Token);
        room.Add(-Quota);
        var ended = During(rig, "video.recordingStarted", () => desk.EndAsync(VideoRig.Stream, "user:pilot", Token));
        await PassAsync(rig);
        Assert.True((await await ended)!.IsClosed);
        await PassAsync(rig);
        Assert.Equal((0, 0), (desk.Running.Count, desk.Owed.Count));
    }

    [Fact]
    public async Task A_recording_that_cannot_be_finished_at_the_start_goes_on_as_another_and_is_finished_when_the_disk_takes_it()
    {
        await using var rig = await StartAsync();
        var identity = new RecordingIdentity(RecordingIdentity.Current, Guid.CreateVersion7(), VideoRig.Stream, "1", rig.Server.Time.GetUtcNow(), "user:pilot", "一号警情");
        var left = RecordingFolder.Create(Path.Combine(rig.Server.Services.GetRequiredService<RecordingShelf>().Root, RecordingFolder.Place(identity)), identity);

        // A file without a picture is put aside, and there is no room for it there.
        var file = left.FileOf(RecordingFolder.FileName(1));
        await File.WriteAllBytesAsync(file, [], Token);
        var obstacle = Directory.CreateDirectory(file + RecordingRecovery.RestSuffix);
        await rig.RestartAsync(TimeSpan.FromSeconds(7));
        await rig.UntilAsync(stream => stream.Recording);
        var open = rig.Server.Services.GetRequiredService<RecordingShelf>().Find(identity.Id)!;
        var next = Assert.Single(Desk(rig).Running).Identity;
        Assert.Equal((identity.Id, "user:pilot", "一号警情", false), (next.Resumes, next.StartedBy, next.Reason, open.IsClosed));

        obstacle.Delete();
        await PassAsync(rig);
        Assert.Equal(GapReason.ServerStopped, Assert.Single(open.Lines[^1].Closing!.Gaps).Reason);
        Assert.Equal(next.Id, Assert.Single(Desk(rig).Running).Identity.Id);
    }

    [Fact]
    public async Task A_camera_that_becomes_known_in_flight_is_recorded_until_the_vehicle_is_disarmed()
    {
        await using var rig = await StartAsync();
        await HappenAsync(rig, new VehicleFact.Armed(rig.Server.Time.GetUtcNow(), MotorTest: false, FirstSeen: false));
        await rig.UntilAsync(stream => stream.Recording);
        VideoStreamReading told = new(100, 1, VideoStreamType.MpegTs, VideoStreamEncoding.H264, true, "eye", $"{FreePorts.Take()}", 1280, 720);
        await HappenAsync(rig, new VehicleFact.VideoStreamFound(rig.Server.Time.GetUtcNow(), told));
        await rig.UntilAsync(_ => rig.Server.Services.GetRequiredService<VideoStreams>().Find("1-thermal") is { IsRecorded: true });
        Assert.All(Desk(rig).Running, folder => Assert.Equal(Actors.System, folder.Identity.StartedBy));

        await HappenAsync(rig, new VehicleFact.Disarmed(rig.Server.Time.GetUtcNow(), MotorTest: false));
        await rig.UntilAsync(_ => Desk(rig).Running.Count == 0);
        await PassAsync(rig);
        Assert.Empty(Desk(rig).Running);
    }

    private static RecordingDesk Desk(VideoRig rig) => rig.Server.Services.GetRequiredService<RecordingDesk>();

    /// <summary>Does something once, as soon as an act is in the audit log: whoever acts knows of it, and has done nothing yet.</summary>
    /// <returns>Completes then; what it gives is what was done.</returns>
    private static Task<TDone> During<TDone>(VideoRig rig, string action, Func<TDone> act)
        where TDone : Task
    {
        var audit = rig.Server.Services.GetRequiredService<AuditLog>();
        TaskCompletionSource<TDone> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var from = audit.Count;
        Lock gate = new();
        audit.Appended += _ =>
        {
            lock (gate)
            {
                if (!done.Task.IsCompleted && audit.Read(from, audit.Count).Any(entry => entry.Action == action))
                    done.SetResult(act());
            }
        };
        return done.Task;
    }

    private static async Task HappenAsync(VideoRig rig, VehicleFact fact) =>
        await rig.Server.Services.GetRequiredService<FleetEvents>().PublishAsync(new FleetEvent.Observed("1", fact), Token);

    /// <summary>Lets the desk look once at what it owes.</summary>
    private static async Task PassAsync(VideoRig rig)
    {
        rig.Server.Time.Advance(TimeSpan.FromSeconds(10));
        await rig.Server.Services.GetRequiredService<Quiescence>().WhenIdleAsync();
    }

    private Task<VideoRig> StartAsync() => VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");

    public sealed class OnSqlite() : RecordingOrdersTests(Store.Sqlite);

    public sealed class OnPostgres() : RecordingOrdersTests(Store.Postgres);
}

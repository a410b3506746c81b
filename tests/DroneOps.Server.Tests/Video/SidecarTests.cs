using System.Text;
using DroneOps.Media.Klv;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video.Recording;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Video;

/// <summary>What stands beside an exported picture: subtitles, metadata packets, and the track that both are made of.</summary>
public sealed class SidecarTests
{
    private static readonly DateTimeOffset At = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly RecordingIdentity Identity = new(RecordingIdentity.Current, Guid.NewGuid(), "1-visible", "1", At, "user:pilot", null) { TaskLabel = "盗窃 城台路" };

    private static readonly RecordedView[] Track =
    [
        new(At.AddSeconds(1), 117.6560, 24.5110, 85.2, 123.4, -45, 62, [117.6571, 24.5102], [[117.656, 24.511], [117.658, 24.511], [117.658, 24.509], [117.656, 24.509]]),
        new(At.AddSeconds(2), 117.6561, 24.5111, 85.4, null, null, null, null, null),
    ];

    [Fact]
    public void Subtitles_count_from_the_first_picture_and_end_where_the_next_begins()
    {
        Assert.Equal(
            """
            1
            00:00:00,500 --> 00:00:01,500
            2026-05-01 08:00:01Z  24.511000 117.656000  85 m  123°  -45°
            + 24.510200 117.657100

            2
            00:00:01,500 --> 00:00:03,500
            2026-05-01 08:00:02Z  24.511100 117.656100  85 m


            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(Sidecars.Subtitles(Track, At.AddSeconds(0.5), At.AddSeconds(60))));
    }

    [Fact]
    public void Metadata_packets_say_where_the_camera_was_and_what_it_saw()
    {
        var packets = Sidecars.Klv(Track, Identity).AsSpan();
        var first = Assert.IsType<UavMetadataResult.Read>(UavMetadataCodec.Read(packets)).Metadata;
        Assert.Equal((At.AddSeconds(1), "盗窃 城台路", "EO"), (first.At, first.MissionId, first.ImageSourceSensor));
        Assert.Equal(24.5110, first.Sensor!.Value.LatitudeDeg, 6);
        Assert.Equal(123.4, first.PlatformHeadingDeg!.Value, 2);
        Assert.Equal(-45, first.SensorRelativeElevationDeg!.Value, 4);
        Assert.Equal(117.6571, first.FrameCenter!.Value.LongitudeDeg, 6);
        Assert.NotNull(first.Corners);
        var second = Assert.IsType<UavMetadataResult.Read>(UavMetadataCodec.Read(packets[(16 + packets[16..].IndexOf(packets[..16]))..])).Metadata;
        Assert.Equal((At.AddSeconds(2), null, null), (second.At, second.PlatformHeadingDeg, second.Corners));
    }

    [Fact]
    public async Task A_track_that_somebody_changed_is_found()
    {
        var root = Directory.CreateTempSubdirectory("droneops-track-").FullName;
        try
        {
            FakeTimeProvider time = new(At);
            await using var audit = RecorderHost.OpenAudit(root);
            var folder = RecorderHost.Create(root, time);
            foreach (var view in Track)
                folder.Follow(view);
            await RecordingRecovery.FinishAsync(folder, new RecordingBook(audit), GapReason.ServerStopped, time, CancellationToken.None);
            folder.Follow(Track[0]);
            Assert.Equal(Track.Select(view => (view.At, view.Lat, view.HeadingDeg)), folder.ReadTrack(At, At.AddMinutes(1)).Select(view => (view.At, view.Lat, view.HeadingDeg)));
            Assert.Null((await RecordingVerification.CheckAsync(folder.Path, mayBeOpen: false, CancellationToken.None)).Problem);

            var file = folder.FileOf(RecordingFolder.TrackName);
            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("117.6561", "117.6562", StringComparison.Ordinal));
            Assert.Equal(1, (await RecordingVerification.CheckAsync(folder.Path, mayBeOpen: false, CancellationToken.None)).FirstBad);
            Assert.Equal(1, (await Droneops.RunAsync("video", "verify", folder.Path)).Code);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Video;

/// <summary>Streams that ffmpeg fetches.</summary>
public abstract class FetchedSourceTests(Store store)
{
    private const string Passphrase = "a long passphrase";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_stream_is_fetched_by_srt_with_a_passphrase_that_no_list_of_processes_shows()
    {
        await using var rig = await StartAsync(Passphrase);
        using var camera = Camera.OfferSrt(rig.Port, Passphrase);
        using var viewer = await rig.WatchAsync();
        await AdvanceUntilAsync(rig, () => rig.Video.Live.Pictures > 20);
        Assert.True((await viewer.PictureAsync()).IsKey);
        var process = OurFfmpeg(rig);
        Assert.DoesNotContain("passphrase", await File.ReadAllTextAsync($"/proc/{process}/cmdline", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Null((await rig.UntilAsync(stream => stream.Trouble is null, Second / 10)).Trouble);
    }

    [Fact]
    public async Task A_wrong_passphrase_gets_no_picture_and_is_not_repeated_to_anybody()
    {
        await using var rig = await StartAsync("another passphrase");
        using var camera = Camera.OfferSrt(rig.Port, Passphrase);
        using var viewer = await rig.WatchAsync();
        var stream = await rig.UntilAsync(stream => stream.Trouble is not null);
        Assert.Equal((StreamState.Connecting, null), (stream.State, stream.Width));
        Assert.DoesNotContain("another passphrase", stream.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_ffmpeg_is_started_again()
    {
        await using var rig = await StartAsync(Passphrase);
        using var viewer = await rig.WatchAsync();
        var draining = viewer.DrainAsync();
        int killed;
        using (Camera.OfferSrt(rig.Port, Passphrase))
        {
            await AdvanceUntilAsync(rig, () => rig.Video.Live.Pictures > 0);
            killed = OurFfmpeg(rig);
            using var process = Process.GetProcessById(killed);
            process.Kill();
        }

        var before = rig.Video.Live.Pictures;
        using var again = Camera.OfferSrt(rig.Port, Passphrase);
        await AdvanceUntilAsync(rig, () => rig.Video.Live.Pictures > before + 20);
        Assert.NotEqual(killed, OurFfmpeg(rig));
        Assert.False(File.Exists(Path.Combine(Notes(rig), killed.ToString(CultureInfo.InvariantCulture))));
        Assert.False(draining.IsCompleted);
    }

    [Fact]
    public async Task An_ffmpeg_that_a_crash_has_left_is_ended_at_the_next_start()
    {
        await using var rig = await StartAsync(Passphrase);

        // One that waits for ever, as one whose camera is silent does; and another program that got the number of one that has ended.
        using var orphan = Process.Start(new ProcessStartInfo("ffmpeg", ["-loglevel", "quiet", "-i", $"udp://127.0.0.1:{FreePorts.Take()}", "-f", "null", "-"]) { RedirectStandardInput = true })!;
        using var other = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        var orphans = rig.Server.Services.GetRequiredService<FfmpegOrphans>();
        orphans.Note(orphan);
        orphans.Note(other);
        await rig.Server.RestartAsync();
        await orphan.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(other.HasExited);
        Assert.Empty(Directory.GetFiles(Notes(rig)));
        other.Kill();
    }

    [Fact]
    public async Task When_the_service_ends_so_does_its_ffmpeg()
    {
        await using var rig = await StartAsync(Passphrase);
        using var camera = Camera.OfferSrt(rig.Port, Passphrase);
        using var viewer = await rig.WatchAsync();
        await AdvanceUntilAsync(rig, () => rig.Video.Live.Pictures > 0);
        using var process = Process.GetProcessById(OurFfmpeg(rig));
        await rig.Server.StopAsync();
        Assert.True(process.HasExited);
        Assert.Empty(Directory.GetFiles(Notes(rig)));
    }

    [Fact]
    public async Task A_camera_that_accepts_and_says_nothing_is_given_up()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        await using var rig = await VideoRig.StartAsync(store, $"rtsp://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/main", "OnDemand", ("AllowedNetworks:0", "127.0.0.0/8"));
        using var viewer = await rig.WatchAsync();
        using var accepted = await silent.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await rig.UntilAsync(stream => stream.Trouble is not null, Second);
        await viewer.UntilAsync(message => message.State == "connecting");
    }

    private static string Notes(VideoRig rig) => Path.Combine(rig.Server.DataFolder, "video", "processes");

    private static int OurFfmpeg(VideoRig rig) => int.Parse(Path.GetFileName(Assert.Single(Directory.GetFiles(Notes(rig)))), CultureInfo.InvariantCulture);

    // The pauses between two tries are virtual; while ffmpeg runs it needs real time, and the clock stands.
    private static async Task AdvanceUntilAsync(VideoRig rig, Func<bool> holds) => await rig.UntilAsync(_ => holds(), Second / 10, () => Directory.GetFiles(Notes(rig)).Length == 0);

    private async Task<VideoRig> StartAsync(string passphrase)
    {
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, passphrase + "\n", TestContext.Current.CancellationToken);
        return await VideoRig.StartAsync(store, "srt://127.0.0.1:{0}", "OnDemand", ("AllowedNetworks:0", "127.0.0.0/8"), ("Sources:0:SecretFile", secret));
    }

    public sealed class OnSqlite() : FetchedSourceTests(Store.Sqlite);

    public sealed class OnPostgres() : FetchedSourceTests(Store.Postgres);
}

using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DroneOps.Mavlink;
using DroneOps.Simulator;
using DroneOps.Simulator.Camera;
using DroneOps.Simulator.Faults;
using DroneOps.Simulator.Scenarios;
using Xunit;

namespace DroneOps.Tests.Simulator.Camera;

/// <summary>The whole way: drawn, coded by ffmpeg, sent over UDP, and read back by ffmpeg, which knows nothing of us.</summary>
public sealed class CameraStreamTests : IDisposable
{
    private const int Width = 640;
    private const int Height = 360;
    private static readonly GeoPoint Place = new(24.515286, 117.659715);

    private readonly Socket _receiver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
    private readonly string _folder = Directory.CreateTempSubdirectory("camera").FullName;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(90));

    public CameraStreamTests() => _receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    private int Port => ((IPEndPoint)_receiver.LocalEndPoint!).Port;

    private string Recording => Path.Combine(_folder, "camera.ts");

    public void Dispose()
    {
        _receiver.Dispose();
        _limit.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private SimulatorOptions Options(params TimedFault[] faults) => new(
        new Scenario(Count: 1, Homes: [new("a", Place.LatitudeDeg, Place.LongitudeDeg, 20, 40)], FastBoot: true, Faults: faults), 1, 1, null, null)
    {
        Cameras = new(1, new(IPAddress.Loopback, Port - 1), null, Width, Height, 25, 1_500_000, null),
    };

    /// <summary>Runs one vehicle with its camera, and records what comes until there is enough.</summary>
    private async Task<SimulatedCopter> RecordAsync(SimulatorOptions options, Func<IReadOnlyList<(EndPoint From, byte[] Datagram)>, bool> isEnough)
    {
        using var fleet = new SimulatedFleet(options, TimeProvider.System);
        var cameras = new FleetCameras(fleet, options, TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        var running = Task.WhenAll(fleet.RunAsync(end.Token), cameras.RunAsync(end.Token));
        var received = new List<(EndPoint From, byte[] Datagram)>();
        var buffer = new byte[2048];
        while (!isEnough(received))
        {
            var got = await _receiver.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _limit.Token);
            received.Add((got.RemoteEndPoint, buffer[..got.ReceivedBytes]));
        }

        await end.CancelAsync();
        await running;
        File.WriteAllBytes(Recording, [.. received.SelectMany(r => r.Datagram)]);
        return fleet.Copters[0];
    }

    private async Task<byte[]> RunAsync(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output, _limit.Token);
        await process.WaitForExitAsync(_limit.Token);
        return output.ToArray();
    }

    /// <summary>The times in the bars of the decoded pictures, milliseconds of the day.</summary>
    private async Task<List<uint?>> BarsAsync(int width, int height)
    {
        var pictures = await RunAsync("ffmpeg", $"-v fatal -i {Recording} -map 0:v -fps_mode passthrough -f rawvideo -pix_fmt gray -");
        return [.. Enumerable.Range(0, pictures.Length / (width * height)).Select(i => Inscription.Read(pictures.AsSpan(i * width * height, width * height), width, height))];
    }

    private static bool HasPackets(IReadOnlyList<(EndPoint From, byte[] Datagram)> received, int pictures) =>
        received.Sum(r => Pictures(r.Datagram)) >= pictures;

    /// <summary>Beginnings of pictures: packets of the video's PID with the start indicator.</summary>
    private static int Pictures(byte[] datagram)
    {
        var count = 0;
        for (var at = 0; at + 188 <= datagram.Length; at += 188)
            count += (BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(at + 1)) & 0x5FFF) == 0x4100 ? 1 : 0;
        return count;
    }

    [Fact]
    public async Task The_stream_is_H264_with_KLV_and_its_bars_tell_when_each_picture_was_taken()
    {
        var before = TimeProvider.System.GetUtcNow();
        var copter = await RecordAsync(Options(), received => HasPackets(received, 110));
        var after = TimeProvider.System.GetUtcNow();

        var streams = System.Text.Encoding.ASCII.GetString(await RunAsync("ffprobe", $"-v error -show_entries stream=codec_name,profile,width,height -of csv=p=0 {Recording}"));
        Assert.Contains($"h264,Constrained Baseline,{Width},{Height}", streams, StringComparison.Ordinal);
        Assert.Contains("klv", streams, StringComparison.Ordinal);

        var bars = await BarsAsync(Width, Height);
        Assert.InRange(bars.Count, 100, 140);
        Assert.DoesNotContain(null, bars);
        // Each is of a later moment than the one before, but for one where the machine's clock is put right meanwhile.
        Assert.InRange(bars.Zip(bars.Skip(1)).Count(pair => pair.Second < pair.First), 0, 1);
        Assert.InRange(bars[0]!.Value, Inscription.MillisecondsOfDay(before), Inscription.MillisecondsOfDay(after));
        // Twenty-five a second where the machine has the time; what it has no time for is left out, never sent in a bunch.
        var seconds = (bars[^1]!.Value - bars[0]!.Value) / 1000.0;
        Assert.InRange((bars.Count - 1) / seconds, 1, 26);

        var metadata = await RunAsync("ffmpeg", $"-v error -i {Recording} -map 0:d -c copy -f data -");
        var packets = KlvPackets(metadata);
        // Eight a second, each with a picture; the recording ends between two of them.
        Assert.InRange(packets.Count, Math.Min(8 * seconds, bars.Count) / 2, (8 * seconds) + 2);
        var shot = copter.Camera!.Latest!;
        var items = packets[^1];
        // The vehicle stands still: the last packet says what is seen now.
        Assert.Equal(shot.Target!.Value.LatitudeDeg, BinaryPrimitives.ReadInt32BigEndian(items[23]) / (double)int.MaxValue * 90, 1e-6);
        Assert.Equal(shot.Target.Value.LongitudeDeg, BinaryPrimitives.ReadInt32BigEndian(items[24]) / (double)int.MaxValue * 180, 1e-6);
        Assert.Equal(40, BinaryPrimitives.ReadUInt16BigEndian(items[5]) / 65535.0 * 360, 0.1);
        Assert.Equal(21.8, (BinaryPrimitives.ReadUInt16BigEndian(items[15]) / 65535.0 * 19_900) - 900, 0.5);
        Assert.Equal("DRONE 1", System.Text.Encoding.UTF8.GetString(items[59]));
    }

    [Fact]
    public async Task What_is_planned_to_go_wrong_goes_wrong()
    {
        var senders = new HashSet<EndPoint>();
        var copter = await RecordAsync(
            Options(
                // Long enough for a busy machine to start the encoder of the other size, and the stranger's.
                new(FaultKind.CameraResolution, 3, ForSeconds: 8, Value: 180),
                new(FaultKind.CameraSecondSender, 4, ForSeconds: 8),
                new(FaultKind.CameraLoss, 0, ForSeconds: 1, Value: 0.2)),
            received =>
            {
                senders.UnionWith(received.TakeLast(1).Select(r => r.From));
                // Before, while and after the other size, and the stranger: each from a port of its own.
                return senders.Count >= 4;
            });

        Assert.InRange(copter.VehicleTime.TotalSeconds, 6, 60);
        var streams = System.Text.Encoding.ASCII.GetString(await RunAsync("ffprobe", $"-v fatal -select_streams v -show_entries frame=width,height -of csv=p=0 {Recording}"));
        Assert.Contains("640,360", streams, StringComparison.Ordinal);
        Assert.Contains("320,180", streams, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_simulator_is_killed_its_encoder_ends_too()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])
            [
                Path.Combine(AppContext.BaseDirectory, "droneops-sim.dll"), "--count", "1", "--fast-boot", "--to", "udp://127.0.0.1:9", "--cameras", "1", "--video",
                FormattableString.Invariant($"udp://127.0.0.1:{Port - 1}"), "--video-size", "320x180",
            ])
            start.ArgumentList.Add(argument);
        using var simulator = Process.Start(start)!;
        await _receiver.ReceiveAsync(new byte[2048], _limit.Token);
        var children = ChildrenOf(simulator.Id);
        var encoder = Assert.Single(children, child => child.ProcessName == "ffmpeg");

        simulator.Kill();
        await simulator.WaitForExitAsync(_limit.Token);
        await encoder.WaitForExitAsync(_limit.Token);

        Assert.True(encoder.HasExited);
        children.ForEach(child => child.Dispose());
    }

    private static List<Process> ChildrenOf(int parent) =>
    [
        .. File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Concat(Directory.GetDirectories($"/proc/{parent}/task").SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Distinct()
            .Select(id => Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture))),
    ];

    /// <summary>Items by tag of each ST 0601 packet; the checksums are looked at too.</summary>
    private static List<Dictionary<int, byte[]>> KlvPackets(byte[] bytes)
    {
        var packets = new List<Dictionary<int, byte[]>>();
        for (var at = 0; at < bytes.Length;)
        {
            Assert.Equal("060E2B34020B01010E01030101000000", Convert.ToHexString(bytes, at, 16));
            Assert.Equal(0x82, bytes[at + 16]);
            var end = at + 19 + BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 17));
            var items = new Dictionary<int, byte[]>();
            for (var item = at + 19; item < end; item += 2 + bytes[item + 1])
                items.Add(bytes[item], bytes[(item + 2)..(item + 2 + bytes[item + 1])]);
            var sum = 0;
            for (var i = at; i < end - 2; i++)
                sum += bytes[i] << ((i - at) % 2 == 0 ? 8 : 0);
            Assert.Equal((ushort)sum, BinaryPrimitives.ReadUInt16BigEndian(items[1]));
            packets.Add(items);
            at = end;
        }

        return packets;
    }
}

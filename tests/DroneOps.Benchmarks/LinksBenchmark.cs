using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DroneOps.Links;
using DroneOps.Mavlink;
using Microsoft.Extensions.Logging.Abstractions;

namespace DroneOps.Benchmarks;

/// <summary>What a frame costs on its way in: through a link and the router in memory, from a UDP port, and relayed from
/// one UDP port to another. Costs are processor time of the threads that do it; the source of the datagrams is a thread of
/// the same process that is not counted.</summary>
internal sealed class LinksBenchmark : ISystemBenchmark
{
    private const int MemoryFrames = 400_000;
    private const double RouterLimitNs = 500;
    private const double IngestLimitUs = 3.4; // 300,000 datagrams a second on one core
    private static readonly TimeSpan Run = TimeSpan.FromSeconds(3);

    public string Name => "links";

    public string Summary => "a frame's cost through link and router, UDP datagrams taken in and relayed per second and core";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var frames = Split(FleetStream.Build(MemoryFrames, seed: 1).Bytes);
        var router = RouterCost(frames);
        var ingest = double.MaxValue;
        foreach (var (perDatagram, rate) in ((int, int)[])[(1, 50_000), (1, 100_000), (1, 150_000), (1, 200_000), (8, 50_000)])
            ingest = Math.Min(ingest, await IngestAsync(Pack(frames, perDatagram), perDatagram, rate, cancellationToken));
        foreach (var (perDatagram, rate) in ((int, int)[])[(1, 40_000), (1, 80_000), (1, 120_000)])
            await RelayAsync(Pack(frames, perDatagram), perDatagram, rate, cancellationToken);
        return router <= RouterLimitNs && ingest <= IngestLimitUs ? 0 : 1;
    }

    private static double RouterCost(byte[][] frames)
    {
        var best = double.MaxValue;
        var allocated = 0L;
        Router router = new(new RouterOptions(), MessageCatalog.Default, TimeProvider.System, frame => frame.Dispose());
        using LinkHolder holder = new(router);
        for (var pass = 0; pass < 9; pass++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = CpuClock.OfThread();
            foreach (var frame in frames)
                holder.Link.ReceiveDatagram(holder.Peer, frame);
            best = Math.Min(best, (CpuClock.OfThread() - began).TotalNanoseconds / frames.Length);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        Say($"link and router in memory, {FleetStream.Systems} systems: {best,6:0} ns/frame, {1e3 / best:0.0} M frames/s, {allocated} B allocated in the last pass");
        return best;
    }

    private static async Task<double> IngestAsync(byte[][] datagrams, int perDatagram, int rate, CancellationToken cancellationToken)
    {
        var received = 0L;
        TimeSpan firstCpu = default, lastCpu = default;
        Router router = new(new RouterOptions(), MessageCatalog.Default, TimeProvider.System, frame =>
        {
            // The sink runs on the receiving thread. Its clock is read now and then, for it costs as much as the router does.
            if (received++ == 0)
                firstCpu = CpuClock.OfThread();
            else if (received % 1024 == 0)
                lastCpu = CpuClock.OfThread();
            frame.Dispose();
        });
        await using OpenLink open = await OpenLink.StartAsync(router, "udp-listen://127.0.0.1:0", 1, cancellationToken);
        var sent = await Task.Run(() => Send(open.Link.LocalPort, datagrams, rate, null), cancellationToken);
        await SettleAsync(open.Link, cancellationToken);

        var cost = (lastCpu - firstCpu).TotalMicroseconds / (received / 1024 * 1024 / (double)perDatagram);
        var status = open.Link.Status();
        Say($"UDP in, {perDatagram} a datagram, {rate,7:N0} datagrams/s asked, {sent.Rate,7:N0} sent: {100.0 * (sent.Count - status.Datagrams) / sent.Count,6:0.000} % lost, {cost:0.00} us/datagram, so {1e6 / cost,7:N0} datagrams/s on one core");
        return cost;
    }

    private static async Task RelayAsync(byte[][] datagrams, int perDatagram, int rate, CancellationToken cancellationToken)
    {
        Router router = new(new RouterOptions { Forwards = true, DuplicateWindow = TimeSpan.Zero }, MessageCatalog.Default, TimeProvider.System, frame => frame.Dispose());
        using Socket sink = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 8 * 1024 * 1024 };
        sink.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using OpenLink incoming = await OpenLink.StartAsync(router, "udp-listen://127.0.0.1:0", 1, cancellationToken);
        await using OpenLink outgoing = await OpenLink.StartAsync(router, $"udp://127.0.0.1:{((IPEndPoint)sink.LocalEndPoint!).Port}", 2, cancellationToken);
        var before = CpuClock.OfProcess();
        var sent = await Task.Run(() => Send(incoming.Link.LocalPort, datagrams, rate, sink), cancellationToken);
        await SettleAsync(incoming.Link, cancellationToken);
        await outgoing.Link.WhenIdleAsync();
        var cpu = CpuClock.OfProcess() - before - sent.Cpu;
        var (taken, status) = (incoming.Link.Status(), outgoing.Link.Status());
        Say($"UDP relayed, {perDatagram} a datagram, {rate,7:N0} asked, {sent.Rate,7:N0} sent: {100.0 * (sent.Count - taken.Datagrams) / sent.Count,6:0.000} % not taken in, {100.0 * status.DroppedForwards / Math.Max(1, taken.Frames.Frames),6:0.000} % dropped for newer ones, {cpu.TotalMicroseconds / status.SentFrames:0.00} us/frame");
    }

    private static (long Count, double Rate, TimeSpan Cpu) Send(int port, byte[][] datagrams, int rate, Socket? drain)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, port);
        var buffer = new byte[2048];
        var cpu = CpuClock.OfThread();
        var began = TimeProvider.System.GetTimestamp();
        long count = 0;
        TimeSpan elapsed;
        SpinWait spin = default;
        while ((elapsed = TimeProvider.System.GetElapsedTime(began)) < Run)
        {
            var due = (long)(elapsed.TotalSeconds * rate);
            if (count >= due)
            {
                while (drain is { Available: > 0 })
                    drain.Receive(buffer);
                spin.SpinOnce(sleep1Threshold: -1);
                continue;
            }

            for (var burst = Math.Min(due - count, 64); burst > 0; burst--)
                socket.Send(datagrams[count++ % datagrams.Length]);
        }

        return (count, count / elapsed.TotalSeconds, CpuClock.OfThread() - cpu);
    }

    // What was sent is in the kernel's buffer or taken in; it is over when a quarter of a second brings nothing more.
    private static async Task SettleAsync(Link link, CancellationToken cancellationToken)
    {
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        long last;
        do
        {
            last = link.Status().Datagrams;
            await pause.WaitForNextTickAsync(cancellationToken);
        }
        while (link.Status().Datagrams != last);
    }

    private static byte[][] Split(byte[] stream)
    {
        List<byte[]> frames = [];
        FrameScanner scanner = new(stream, MessageCatalog.Default, isFinal: true);
        while (scanner.TryRead(out var frame))
            frames.Add(frame.Bytes.ToArray());
        return [.. frames];
    }

    private static byte[][] Pack(byte[][] frames, int perDatagram) =>
        perDatagram == 1 ? frames : [.. frames.Chunk(perDatagram).Select(chunk => chunk.SelectMany(frame => frame).ToArray())];

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static Link Make(Router router, string uri, int id)
    {
        Link link = new(
            new LinkId(id), LinkUri.Parse(uri), new LinkOptions(), new LinkTransports(MessageCatalog.Default, TimeProvider.System), NullLogger<Link>.Instance);
        router.Attach(link);
        return link;
    }

    private sealed class LinkHolder(Router router) : IDisposable
    {
        public Link Link { get; } = Make(router, "memory://bench", 1);

        public LinkPeer Peer { get; } = new("bench");

        public void Dispose() => router.Detach(Link);
    }

    private sealed class OpenLink(Link link, Task<Exception?> run) : IAsyncDisposable
    {
        public Link Link => link;

        public static async Task<OpenLink> StartAsync(Router router, string uri, int id, CancellationToken cancellationToken)
        {
            var link = Make(router, uri, id);
            TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
            link.StateChanged += (_, state) =>
            {
                if (state == LinkState.Open)
                    opened.TrySetResult();
            };
            var run = link.RunAsync(cancellationToken);
            await Task.WhenAny(opened.Task, run);
            return link.State == LinkState.Open ? new(link, run) : throw new InvalidOperationException($"{uri} does not open.", await run);
        }

        public async ValueTask DisposeAsync()
        {
            await link.DisposeAsync();
            await run;
        }
    }
}

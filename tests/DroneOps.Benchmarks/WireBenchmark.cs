using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Benchmarks;

/// <summary>Decode and encode of a mixed fleet stream on one core, through the public API with typed structs.</summary>
internal sealed class WireBenchmark : ISystemBenchmark
{
    private const int Frames = 1_000_000;
    private const int Passes = 25;
    private const double DecodeTarget = 18e6;
    private const double EncodeTarget = 20e6;

    public string Name => "wire";

    public string Summary => "frames decoded and encoded per second on one core, clean and with 1 % of the bytes damaged";

    public Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (clean, frames) = FleetStream.Build(Frames, seed: 1);
        var (damaged, intact) = Damage.OnePercent(clean, seed: 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{frames:N0} frames, {clean.Length:N0} bytes; damaged copy keeps {intact:N0} intact"));

        var decode = Best("decode, clean", () => Decode(clean).Frames, frames);
        Best("framing and checksum only", () => Scan(clean), frames);
        var found = Decode(damaged).Frames;
        Best("decode, 1 % of bytes damaged", () => Decode(damaged).Frames, (int)found);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"intact frames found: {found:N0} of {intact:N0}"));
        var encode = Best("encode, typed structs into a caller's span", Encode, Frames);

        return Task.FromResult(decode >= DecodeTarget && encode >= EncodeTarget && found >= intact ? 0 : 1);
    }

    private static double Best(string what, Func<long> pass, int frames)
    {
        var rates = new double[Passes];
        var allocated = 0L;
        for (var i = 0; i < Passes; i++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = CpuClock.OfThread();
            pass();
            rates[i] = frames / (CpuClock.OfThread() - began).TotalSeconds;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        // The best pass, since whatever else the machine does can only slow one down; the median stands beside it.
        Array.Sort(rates);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-46} best {rates[^1] / 1e6,6:0.0} M/s   median {rates[Passes / 2] / 1e6,6:0.0} M/s   {1e9 / rates[^1],5:0.0} ns/frame   {allocated} B allocated"));
        return rates[^1];
    }

    private static long Scan(byte[] bytes)
    {
        var scanner = new FrameScanner(bytes, MessageCatalog.Default, isFinal: true);
        while (scanner.TryRead(out _))
        {
        }

        return scanner.Counters.Frames;
    }

    private static (long Frames, double Sum) Decode(byte[] bytes)
    {
        var scanner = new FrameScanner(bytes, MessageCatalog.Default, isFinal: true);
        double sum = 0;
        while (scanner.TryRead(out var frame))
        {
            if (!frame.IsKnown)
                continue;
            switch (frame.MessageId)
            {
                case Attitude.MsgId: sum += frame.Decode<Attitude>().Roll; break;
                case LocalPositionNed.MsgId: sum += frame.Decode<LocalPositionNed>().X; break;
                case GlobalPositionInt.MsgId: sum += frame.Decode<GlobalPositionInt>().Lat; break;
                case VfrHud.MsgId: sum += frame.Decode<VfrHud>().Climb; break;
                case GpsRawInt.MsgId: sum += frame.Decode<GpsRawInt>().Lon; break;
                case Heartbeat.MsgId: sum += frame.Decode<Heartbeat>().CustomMode; break;
                case SysStatus.MsgId: sum += frame.Decode<SysStatus>().VoltageBattery; break;
                case BatteryStatus.MsgId: sum += frame.Decode<BatteryStatus>().Voltages[0]; break;
                case ExtendedSysState.MsgId: sum += (uint)frame.Decode<ExtendedSysState>().LandedState; break;
                case Statustext.MsgId: sum += frame.Decode<Statustext>().TextBytes[0]; break;
                default: break;
            }
        }

        return (scanner.Counters.Frames, sum);
    }

    private static long Encode()
    {
        Span<byte> buffer = stackalloc byte[MavlinkFrame.MaxLength];
        var sender = new MavlinkAddress(1, 1);
        long bytes = 0;
        for (var i = 0; i < Frames; i++)
        {
            // Two of every three frames on a real link are attitude and position.
            bytes += (i % 3) switch
            {
                0 => FrameWriter.Write(buffer, new Attitude { TimeBootMs = (uint)i, Roll = i, Pitch = 0.1f, Yaw = 0.2f, Rollspeed = 0.3f, Pitchspeed = 0.4f, Yawspeed = 0.5f }, sender, (byte)i),
                1 => FrameWriter.Write(buffer, new GlobalPositionInt { TimeBootMs = (uint)i, Lat = 245130000, Lon = 1176550000, Alt = 71000, RelativeAlt = 60000, Vx = 700, Vy = -300, Hdg = 9000 }, sender, (byte)i),
                _ => FrameWriter.Write(buffer, new VfrHud { Airspeed = 8, Groundspeed = 8, Alt = 71, Climb = i, Heading = 90, Throttle = 42 }, sender, (byte)i),
            };
        }

        return bytes;
    }
}

/// <summary>A damaged copy of a stream and how many of its frames came through whole.</summary>
internal static class Damage
{
    public static (byte[] Bytes, long Intact) OnePercent(byte[] clean, int seed)
    {
        var random = new Random(seed);
        var bytes = (byte[])clean.Clone();
        var hit = new bool[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (random.Next(100) != 0)
                continue;
            bytes[i] ^= (byte)random.Next(1, 256);
            hit[i] = true;
        }

        long intact = 0;
        var scanner = new FrameScanner(clean, MessageCatalog.Default, isFinal: true);
        var start = 0;
        while (scanner.TryRead(out _))
        {
            if (!hit.AsSpan(start, scanner.Position - start).Contains(true))
                intact++;
            start = scanner.Position;
        }

        return (bytes, intact);
    }
}

using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;

namespace DroneOps.Benchmarks;

/// <summary>The fold of a fleet's telemetry into the states of its vehicles on one core: frames found, decoded, folded, facts taken, ticks
/// every 100 ms. The mix is that of a patrol: 25 messages a second from each vehicle.</summary>
internal sealed class FoldBenchmark : ISystemBenchmark
{
    private const int Vehicles = 200;
    private const int Seconds = 60;
    private const int Passes = 5;
    private const double Target = 2e6;

    public string Name => "fold";

    public string Summary => "telemetry of 200 vehicles folded per second on one core, with facts and ticks";

    public Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (bytes, frames) = Build();
        var rates = new double[Passes];
        var facts = 0L;
        var allocated = 0L;
        for (var pass = 0; pass < Passes; pass++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = TimeProvider.System.GetTimestamp();
            facts = Fold(bytes);
            rates[pass] = frames / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        Array.Sort(rates);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"fold of {frames:N0} frames, {facts:N0} facts: best {rates[^1] / 1e6:0.00} M/s, median {rates[Passes / 2] / 1e6:0.00} M/s, {(double)allocated / frames:0.0} B/frame"));
        return Task.FromResult(rates[^1] >= Target ? 0 : 1);
    }

    private static long Fold(byte[] bytes)
    {
        var now = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        VehicleOptions options = new() { ListenOnly = true };
        var fleet = new Vehicle[Vehicles + 1];
        for (var id = 1; id <= Vehicles; id++)
            fleet[id] = new(new("bench", (byte)id), options, new(255, 190));
        var facts = 0L;
        var boot = 0;
        var scanner = new FrameScanner(bytes, MessageCatalog.Default, isFinal: true);
        while (scanner.TryRead(out var frame))
        {
            var vehicle = fleet[frame.SystemId];
            vehicle.OnMessage(frame, now);
            while (vehicle.TryTakeFact(out _))
                facts++;
            // Vehicle 1's heartbeat opens each second.
            if (frame.SystemId != 1 || frame.MessageId != Heartbeat.MsgId)
                continue;
            boot++;
            for (var tick = 0; tick < 10; tick++)
            {
                now += TimeSpan.FromMilliseconds(100);
                for (var id = 1; id <= Vehicles; id++)
                    fleet[id].Tick(now);
            }
        }

        return boot == Seconds ? facts : throw new InvalidOperationException("Not every second was found.");
    }

    private static (byte[] Bytes, int Frames) Build()
    {
        var stream = new MemoryStream();
        var buffer = new byte[MavlinkFrame.MaxLength];
        var frames = 0;
        for (var second = 0; second < Seconds; second++)
        {
            for (var id = 1; id <= Vehicles; id++)
                WriteSecond(new((byte)id, 1), second);
        }

        return (stream.ToArray(), frames);

        void WriteSecond(MavlinkAddress from, int second)
        {
            var ms = (uint)(10_000 + (second * 1000));
            Write(from, new Heartbeat { Type = MavType.Quadrotor, Autopilot = MavAutopilot.Ardupilotmega, CustomMode = 3, SystemStatus = MavState.Active });
            for (var quarter = 0u; quarter < 4; quarter++)
            {
                Write(from, new Attitude { TimeBootMs = ms + (quarter * 250), Roll = 0.01f, Yaw = 1 });
                Write(from, new GlobalPositionInt { TimeBootMs = ms + (quarter * 250), Lat = 245130000 + second, Lon = 1176550000, RelativeAlt = 40_000 });
            }

            for (var half = 0; half < 2; half++)
                Write(from, new VfrHud { Groundspeed = 8, Throttle = 45 });
            Write(from, new SysStatus { VoltageBattery = 12_000, BatteryRemaining = 80 });
            Write(from, new ExtendedSysState { LandedState = MavLandedState.InAir });
            Write(from, new BatteryStatus { BatteryRemaining = 80, ChargeState = MavBatteryChargeState.Ok });
            Write(from, new GpsRawInt { FixType = GpsFixType.RtkFixed, SatellitesVisible = 12 });
            Write(from, new EkfStatusReport { Flags = (EkfStatusFlags)0x33f });
            Write(from, new SystemTime { TimeBootMs = ms });
            Write(from, new MissionCurrent { Seq = 3, Total = 9, MissionState = MissionState.Active });
            Write(from, new NavControllerOutput { WpDist = 90 });
            Write(from, new FenceStatus());
            Write(from, new LocalPositionNed { TimeBootMs = ms });
            Write(from, new RcChannels { TimeBootMs = ms });
            Write(from, new ServoOutputRaw());
            Write(from, new Vibration());
            Write(from, new PositionTargetGlobalInt { TimeBootMs = ms });
        }

        void Write<T>(MavlinkAddress from, in T message)
            where T : unmanaged, IMavlinkMessage<T>
        {
            stream.Write(buffer, 0, FrameWriter.Write(buffer, message, from, (byte)frames));
            frames++;
        }
    }
}

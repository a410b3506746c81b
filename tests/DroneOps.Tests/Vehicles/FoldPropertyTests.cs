using System.Buffers.Binary;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Vehicles;

public sealed class FoldPropertyTests
{
    private static readonly Lazy<List<Recording.Stamped>> Flight = new(() => Recording.FramesOf("copter-quirks-inflight.tlog", 1));

    [Property(MaxTest = 100)]
    public Property Whatever_a_link_does_to_the_order_an_older_position_never_replaces_a_newer_one() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<byte>(), ArbMap.Default.ArbFor<byte>(), (seed, window, percent) =>
    {
        Random random = new(seed);
        var frames = Disturbed(Flight.Value, random, window: 1 + (window % 50), lossPercent: percent % 60, copyPercent: percent % 30);
        Vehicle vehicle = new(new("test", 1), new VehicleOptions(), Recording.Self);
        List<VehicleFact> facts = [];
        uint? newest = null;
        uint? left = null;
        var boots = 0;
        var now = frames[0].At;
        foreach (var (at, bytes) in frames)
        {
            now = at > now ? at : now;
            Assert.True(MavlinkFrame.TryParse(bytes, MessageCatalog.Default, out var frame));
            vehicle.OnMessage(frame, now);
            vehicle.Tick(now);
            Recording.Drain(vehicle, facts);
            if (vehicle.State.Position is not { } position)
                continue;
            if (vehicle.State.Reboots != boots)
            {
                // The last position of the old boot stays until the new one has its first.
                (boots, newest, left) = (vehicle.State.Reboots, null, position.Value.TimeBootMs);
            }

            if (position.Value.TimeBootMs == left)
                continue;
            if (newest is { } before)
                Assert.True(unchecked((int)(position.Value.TimeBootMs - before)) >= 0);
            (newest, left) = (position.Value.TimeBootMs, null);
        }

        Alternate<VehicleFact.Armed, VehicleFact.Disarmed>(facts);
        Alternate<VehicleFact.TookOff, VehicleFact.Landed>(facts);
        Assert.Equal(0, vehicle.LostFacts);
    });

    [Property(MaxTest = 200)]
    public Property No_payload_of_any_message_makes_it_throw() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        Vehicle vehicle = new(new("test", 1), new VehicleOptions(), Recording.Self);
        List<VehicleFact> facts = [];
        var now = Bench.Start;
        Feed(vehicle, new Bench().Heartbeat(), now);
        vehicle.BeginUpload(PlanKind.Mission, [new MissionItemInt(), new MissionItemInt()], now);
        vehicle.BeginReadParameters(["A"], now);
        vehicle.Begin(new VehicleCommand.StartMission(), now);
        for (var i = 0; i < 300; i++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(400));
            FeedRandom(vehicle, random, now);
            vehicle.Tick(now);
            _ = vehicle.Snapshot(now);
            Recording.Drain(vehicle, facts);
        }

        Alternate<VehicleFact.Armed, VehicleFact.Disarmed>(facts);
        Alternate<VehicleFact.TookOff, VehicleFact.Landed>(facts);
    });

    [Property(MaxTest = 100)]
    public Property No_state_holds_what_is_not_a_number_whatever_the_vehicle_sends() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        Vehicle vehicle = new(new("test", 1), new VehicleOptions(), Recording.Self);
        List<VehicleFact> facts = [];
        var now = Bench.Start;
        Feed(vehicle, new Bench().Heartbeat(), now);
        for (var i = 0; i < 100; i++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(400));
            FeedRandom(vehicle, random, now, isOdd: true);
            vehicle.Tick(now);
            Recording.Drain(vehicle, facts);

            // JSON knows no others: it refuses them, and with them the vehicle.
            JsonSerializer.Serialize(vehicle.Snapshot(now));
        }
    });

    [Fact]
    public void A_copy_of_every_frame_changes_no_fact()
    {
        var once = Recording.Replay("copter-fence-breach.tlog", 1);
        var frames = Recording.FramesOf("copter-fence-breach.tlog", 1).SelectMany(f => new[] { f, f }).ToList();
        var twice = Recording.Replay(frames, 1, new VehicleOptions { ListenOnly = true }, out _);

        // Texts and reached items carry no stamp to tell a copy by; the router takes copies out before they get here.
        Assert.Equal(once.Where(IsState).Select(f => f.ToString()), twice.Where(IsState).Select(f => f.ToString()));

        static bool IsState(VehicleFact fact) => fact is not (VehicleFact.TextReceived or VehicleFact.MissionItemReached);
    }

    [Fact]
    public void Steady_telemetry_allocates_nothing_but_the_facts_it_tells()
    {
        Bench bench = new(new VehicleOptions { ListenOnly = true });
        bench.Beat();
        Vehicle vehicle = new(new("test", 1), new VehicleOptions { ListenOnly = true }, Recording.Self);
        var now = Bench.Start;
        byte[][] frames =
        [
            Framed(bench.Heartbeat()),
            Framed(new Attitude { TimeBootMs = 1, Yaw = 1 }),
            Framed(new VfrHud { Groundspeed = 5 }),
            Framed(new SysStatus { VoltageBattery = 12_000 }),
            Framed(new ExtendedSysState { LandedState = MavLandedState.InAir }),
            Framed(new GpsRawInt { FixType = GpsFixType.RtkFixed, SatellitesVisible = 12 }),
            Framed(new EkfStatusReport { Flags = (EkfStatusFlags)0x33f }),
            Framed(new MissionCurrent { Seq = 3, Total = 9, MissionState = MissionState.Active }),
            Framed(new FenceStatus()),
            Framed(new HomePosition { Latitude = 1, Longitude = 1 }),
            Framed(new SystemTime { TimeBootMs = 5 }),
            Framed(new NavControllerOutput()),
        ];
        for (var i = 0; i < 2000; i++)
            Round(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 2000; i++)
            Round(i);
        var telemetry = GC.GetAllocatedBytesForCurrentThread() - before;

        var positions = new byte[1200][];
        for (var i = 0; i < positions.Length; i++)
            positions[i] = Framed(new GlobalPositionInt { TimeBootMs = (uint)(1000 + (250 * i)), Lat = 245130000 + i, Lon = 1176550000 });
        for (var i = 0; i < 200; i++)
            FeedBytes(positions[i]);
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 200; i < positions.Length; i++)
            FeedBytes(positions[i]);
        var perPosition = (GC.GetAllocatedBytesForCurrentThread() - before) / (positions.Length - 200.0);

        Assert.Equal(0, telemetry);
        Assert.InRange(perPosition, 1, 136);

        void Round(int i)
        {
            foreach (var frame in frames)
                FeedBytes(frame);
            if (i % 25 == 0)
                vehicle.Tick(now);
        }

        void FeedBytes(byte[] bytes)
        {
            MavlinkFrame.TryParse(bytes, MessageCatalog.Default, out var frame);
            vehicle.OnMessage(frame, now);
            while (vehicle.TryTakeFact(out _))
            {
            }
        }
    }

    private static List<Recording.Stamped> Disturbed(List<Recording.Stamped> frames, Random random, int window, int lossPercent, int copyPercent)
    {
        List<(double Key, Recording.Stamped Frame)> order = [];
        for (var i = 0; i < frames.Count; i++)
        {
            if (random.Next(100) >= lossPercent)
                order.Add((i + (random.NextDouble() * window), frames[i]));
            if (random.Next(100) < copyPercent)
                order.Add((i + (random.NextDouble() * window), frames[i]));
        }

        return [.. order.OrderBy(o => o.Key).Select(o => o.Frame)];
    }

    private static void Alternate<TBegin, TEnd>(IEnumerable<VehicleFact> facts)
        where TBegin : VehicleFact
        where TEnd : VehicleFact
    {
        var open = false;
        foreach (var fact in facts)
        {
            if (fact is TBegin or TEnd)
            {
                Assert.Equal(open, fact is TEnd);
                open = !open;
            }
        }
    }

    private static byte[] Framed<T>(in T message)
        where T : unmanaged, IMavlinkMessage<T>
    {
        Span<byte> buffer = stackalloc byte[MavlinkFrame.MaxLength];
        return buffer[..FrameWriter.Write(buffer, message, new(1, 1), 0)].ToArray();
    }

    private static void Feed<T>(Vehicle vehicle, in T message, DateTimeOffset now)
        where T : unmanaged, IMavlinkMessage<T>
    {
        MavlinkFrame.TryParse(Framed(message), MessageCatalog.Default, out var frame);
        vehicle.OnMessage(frame, now);
    }

    /// <summary>Puts values into a payload that are no numbers where they are read as floats, or hardly one.</summary>
    private static void MakeOdd(Span<byte> payload, Random random)
    {
        ReadOnlySpan<float> odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, 1];
        for (var at = 0; at + sizeof(float) <= payload.Length; at += sizeof(float))
        {
            if (random.Next(2) == 0)
                BinaryPrimitives.WriteSingleLittleEndian(payload[at..], odd[random.Next(odd.Length)]);
        }
    }

    private static void FeedRandom(Vehicle vehicle, Random random, DateTimeOffset now, bool isOdd = false)
    {
        Span<byte> payload = stackalloc byte[255];
        random.NextBytes(payload);
        if (isOdd)
            MakeOdd(payload, random);
        switch (random.Next(31))
        {
            case 0: Feed(vehicle, Heartbeat.Decode(payload), now); break;
            case 1: Feed(vehicle, GlobalPositionInt.Decode(payload), now); break;
            case 2: Feed(vehicle, Attitude.Decode(payload), now); break;
            case 3: Feed(vehicle, VfrHud.Decode(payload), now); break;
            case 4: Feed(vehicle, SysStatus.Decode(payload), now); break;
            case 5: Feed(vehicle, BatteryStatus.Decode(payload), now); break;
            case 6: Feed(vehicle, ExtendedSysState.Decode(payload), now); break;
            case 7: Feed(vehicle, FlightInformation.Decode(payload), now); break;
            case 8: Feed(vehicle, GpsRawInt.Decode(payload), now); break;
            case 9: Feed(vehicle, EkfStatusReport.Decode(payload), now); break;
            case 10: Feed(vehicle, HomePosition.Decode(payload), now); break;
            case 11: Feed(vehicle, MissionCurrent.Decode(payload), now); break;
            case 12: Feed(vehicle, MissionItemReached.Decode(payload), now); break;
            case 13: Feed(vehicle, FenceStatus.Decode(payload), now); break;
            case 14: Feed(vehicle, SystemTime.Decode(payload), now); break;
            case 15: Feed(vehicle, Timesync.Decode(payload), now); break;
            case 16: Feed(vehicle, Statustext.Decode(payload), now); break;
            case 17: Feed(vehicle, AutopilotVersion.Decode(payload), now); break;
            case 18: Feed(vehicle, CommandAck.Decode(payload) with { TargetSystem = 255, TargetComponent = 0 }, now); break;
            case 19: Feed(vehicle, MissionRequest.Decode(payload) with { TargetSystem = 0, MissionType = 0, Seq = (ushort)random.Next(5) }, now); break;
            case 20: Feed(vehicle, MissionAck.Decode(payload) with { TargetSystem = 0, MissionType = 0 }, now); break;
            case 21: Feed(vehicle, MissionCount.Decode(payload) with { TargetSystem = 0, MissionType = 0 }, now); break;
            case 22: Feed(vehicle, MissionItemInt.Decode(payload) with { TargetSystem = 0, MissionType = 0, Seq = (ushort)random.Next(5) }, now); break;
            case 23: Feed(vehicle, SmartBatteryInfo.Decode(payload) with { Id = 0 }, now); break;
            case 24: Feed(vehicle, BatteryInfo.Decode(payload) with { Id = 0 }, now); break;
            case 25: Feed(vehicle, Wind.Decode(payload), now); break;
            case 26: Feed(vehicle, WindCov.Decode(payload), now); break;
            case 27: Feed(vehicle, EstimatorStatus.Decode(payload), now); break;
            case 28: Feed(vehicle, GpsGlobalOrigin.Decode(payload), now); break;
            case 29: Feed(vehicle, VideoStreamInformation.Decode(payload), now); break;
            default: Feed(vehicle, ParamValue.Decode(payload), now); break;
        }
    }
}

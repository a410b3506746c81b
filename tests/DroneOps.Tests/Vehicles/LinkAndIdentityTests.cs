using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;
using Xunit;

namespace DroneOps.Tests.Vehicles;

public sealed class LinkAndIdentityTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_silent_vehicle_is_lost_within_four_and_a_half_seconds_and_told_once()
    {
        var bench = Bench.WithCopter();
        bench.StopBeating();
        bench.Run(60 * Second);

        var lost = Assert.Single(bench.Facts.OfType<VehicleFact.LinkLost>());
        Assert.InRange((lost.At - lost.LastHeard).TotalSeconds, 4, 4.5);
        Assert.Equal(VehicleLinkState.Lost, bench.Vehicle.State.Link);
    }

    [Fact]
    public void Three_missing_heartbeats_are_no_loss()
    {
        var bench = Bench.WithCopter();
        bench.StopBeating();
        bench.Run(4 * Second);
        bench.Beat();
        bench.Run(3 * Second);

        Assert.Empty(bench.Facts.OfType<VehicleFact.LinkLost>());
    }

    [Fact]
    public void A_vehicle_that_comes_back_is_told_and_asked_who_it_is()
    {
        var bench = Bench.WithCopter();
        bench.StopBeating();
        bench.Run(10 * Second);
        bench.Sent.Clear();

        bench.Beat();
        bench.Step();

        Assert.Equal(10, Assert.Single(bench.Facts.OfType<VehicleFact.LinkRestored>()).Silence.TotalSeconds, 0.1);
        Assert.Contains(bench.SentCommands(MavCmd.RequestMessage), c => c.Param1 == AutopilotVersion.MsgId);
    }

    [Fact]
    public void The_heartbeat_of_a_camera_or_a_ground_station_is_no_vehicle()
    {
        Bench bench = new();
        bench.Receive(new Heartbeat { Type = MavType.Camera, Autopilot = MavAutopilot.Invalid }, component: 100);
        bench.Receive(new Heartbeat { Type = MavType.Gcs, Autopilot = MavAutopilot.Invalid }, component: 190);

        Assert.Empty(bench.Facts);
        Assert.Equal(VehicleLinkState.NeverHeard, bench.Vehicle.State.Link);
    }

    [Fact]
    public void A_camera_that_goes_on_beating_does_not_keep_the_autopilot_alive()
    {
        var bench = Bench.WithCopter();
        bench.StopBeating();
        bench.OnStep = _ => bench.Receive(new Heartbeat { Type = MavType.Camera, Autopilot = MavAutopilot.Invalid }, component: 100);
        bench.Run(5 * Second);

        Assert.Single(bench.Facts.OfType<VehicleFact.LinkLost>());
    }

    [Fact]
    public void The_hardware_id_follows_the_discovery()
    {
        Bench bench = new();
        bench.Beat();
        bench.Run(Second);
        bench.Receive(Bench.Version(9));

        Assert.Null(Assert.Single(bench.Facts.OfType<VehicleFact.Discovered>()).Identity.HardwareId);
        var identity = Assert.Single(bench.Facts.OfType<VehicleFact.Identified>()).Identity;
        Assert.StartsWith("090203", identity.HardwareId, StringComparison.Ordinal);
        Assert.Equal("4.7.0-dev", identity.Firmware);
        Assert.Single(bench.SentCommands(MavCmd.RequestMessage));
    }

    [Fact]
    public void A_second_hardware_under_one_system_id_is_a_conflict_within_five_seconds_and_blocks_commands()
    {
        var bench = Bench.WithCopter();
        var bootMs = 100_000u;
        DateTimeOffset? joinedAt = null;
        // Two vehicles now share the id: their boot clocks alternate, and both answer the question who they are.
        bench.OnSent = message =>
        {
            if (!message.Is<CommandLong>() || message.Decode<CommandLong>().Command != MavCmd.RequestMessage)
                return;
            bench.Reply(Bench.Version(1));
            bench.ReplyAfter(Bench.Version(2), TimeSpan.FromMilliseconds(50));
        };
        bench.OnStep = now =>
        {
            joinedAt ??= now;
            bootMs += 20;
            bench.Receive(new Attitude { TimeBootMs = bootMs });
            bench.Receive(new Attitude { TimeBootMs = bootMs + 5_000_000 });
        };

        bench.RunUntil(() => bench.Vehicle.State.IdentityConflict, 5 * Second);
        var command = bench.Begin(new VehicleCommand.ReturnToLaunch());

        Assert.Equal(NotSentReason.IdentityConflict, Assert.IsType<CommandOutcome.NotSent>(bench.OutcomeOf(command)).Reason);
        Assert.Empty(bench.Facts.OfType<VehicleFact.Rebooted>());
        Assert.Single(bench.Facts.OfType<VehicleFact.IdentityConflict>());
        bench.Run(20 * Second);
        Assert.True(bench.Vehicle.State.IdentityConflict);
    }

    [Fact]
    public void A_conflict_is_over_when_only_one_answers_three_times_in_a_row()
    {
        var bench = Bench.WithCopter();
        bench.Receive(Bench.Version(2));
        Assert.True(bench.Vehicle.State.IdentityConflict);
        bench.OnSent = message =>
        {
            if (message.Is<CommandLong>() && message.Decode<CommandLong>().Command == MavCmd.RequestMessage)
                bench.Reply(Bench.Version(2));
        };

        bench.Run(15 * Second);

        Assert.False(bench.Vehicle.State.IdentityConflict);
        Assert.StartsWith("02", Assert.Single(bench.Facts.OfType<VehicleFact.IdentityResolved>()).Identity.HardwareId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_link_asks_for_the_hardware_again()
    {
        var bench = Bench.WithCopter();

        bench.Vehicle.LinkAdded(bench.Now);
        bench.Step();

        Assert.Contains(bench.SentCommands(MavCmd.RequestMessage), c => c.Param1 == AutopilotVersion.MsgId);
    }

    [Fact]
    public void A_wrap_of_the_boot_clock_is_no_reboot()
    {
        var bench = Bench.WithCopter();
        var bootMs = uint.MaxValue - 5000;
        bench.OnStep = _ => bench.Receive(new GlobalPositionInt { TimeBootMs = unchecked(bootMs += 20), Lat = 245130000, Lon = 1176550000 });

        bench.Run(10 * Second);

        Assert.Empty(bench.Facts.OfType<VehicleFact.Rebooted>());
        Assert.Equal(500, bench.Facts.OfType<VehicleFact.PositionFixed>().Count());
    }

    [Fact]
    public void A_boot_clock_that_starts_again_is_a_reboot_even_after_half_its_range()
    {
        foreach (var upMs in new[] { 20_000u, 2_500_000_000u })
        {
            var bench = Bench.WithCopter();
            bench.Receive(new GlobalPositionInt { TimeBootMs = upMs, Lat = 245130000, Lon = 1176550000 });
            var bootMs = 1000u;
            bench.OnStep = _ => bench.Receive(new GlobalPositionInt { TimeBootMs = bootMs += 20, Lat = 245130000, Lon = 1176550000 });

            bench.Run(2 * Second);

            Assert.Single(bench.Facts.OfType<VehicleFact.Rebooted>());
            Assert.Equal(bootMs, bench.Vehicle.State.Position!.Value.Value.TimeBootMs);
        }
    }

    [Fact]
    public void An_older_sample_never_replaces_a_newer_one_and_a_copy_tells_nothing_twice()
    {
        var bench = Bench.WithCopter();
        foreach (var ms in new uint[] { 5000, 5500, 5250, 5500, 5500, 4000, 5750 })
            bench.Receive(new GlobalPositionInt { TimeBootMs = ms, Lat = 245130000 + (int)ms, Lon = 1176550000 });

        Assert.Equal(5750u, bench.Vehicle.State.Position!.Value.Value.TimeBootMs);
        Assert.Equal(3, bench.Facts.OfType<VehicleFact.PositionFixed>().Count());
        Assert.Equal(4, bench.Vehicle.OldSamples);
    }

    [Fact]
    public void A_heartbeat_that_starts_anew_is_a_reboot_told_once()
    {
        var bench = Bench.WithCopter();
        var heartbeat = bench.Heartbeat();
        heartbeat.SystemStatus = MavState.Boot;

        bench.Receive(heartbeat);
        bench.Receive(heartbeat);

        Assert.Single(bench.Facts.OfType<VehicleFact.Rebooted>());
    }

    [Fact]
    public void Flight_information_tells_a_flight_where_there_is_no_landing_detector()
    {
        var bench = Bench.WithCopter();
        bench.Receive(new FlightInformation { TimeBootMs = 1000 });
        bench.Receive(new FlightInformation { TimeBootMs = 2000, ArmingTimeUtc = 5, TakeoffTimeUtc = 6 });
        bench.Receive(new FlightInformation { TimeBootMs = 9000, ArmingTimeUtc = 5, TakeoffTimeUtc = 6, LandingTime = 8500 });

        Assert.Equal(LandedSource.FlightInformation, Assert.Single(bench.Facts.OfType<VehicleFact.TookOff>()).Source);
        Assert.Equal(LandedSource.FlightInformation, Assert.Single(bench.Facts.OfType<VehicleFact.Landed>()).Source);
    }

    [Fact]
    public void A_vehicle_first_heard_in_the_air_says_so()
    {
        Bench bench = new() { Armed = true };
        bench.Beat();
        bench.Receive(new ExtendedSysState { LandedState = MavLandedState.InAir });

        Assert.True(Assert.Single(bench.Facts.OfType<VehicleFact.Armed>()).FirstSeen);
        Assert.True(Assert.Single(bench.Facts.OfType<VehicleFact.TookOff>()).FirstSeen);
    }

    [Fact]
    public void Facts_that_nobody_takes_give_way_samples_first_and_are_counted()
    {
        Vehicle vehicle = new(new("test", 1), new VehicleOptions { FactCapacity = 40, ListenOnly = true }, Recording.Self);
        foreach (var (at, bytes) in Recording.FramesOf("copter-quirks-inflight.tlog", 1))
        {
            Assert.True(DroneOps.Mavlink.MavlinkFrame.TryParse(bytes, DroneOps.Mavlink.MessageCatalog.Default, out var frame));
            vehicle.OnMessage(frame, at);
        }

        var kept = 0;
        while (vehicle.TryTakeFact(out _))
            kept++;
        Assert.Equal(40, kept);
        Assert.True(vehicle.SkippedSamples > 500);
        Assert.True(vehicle.LostFacts > 0);
    }

    [Fact]
    public void Until_the_gps_locks_the_zeros_are_no_position()
    {
        var bench = Bench.WithCopter();
        bench.Receive(new GlobalPositionInt { TimeBootMs = 1000, RelativeAlt = 9 });
        bench.Receive(new GlobalPositionInt { TimeBootMs = 2000, Lat = int.MaxValue, Lon = int.MinValue });

        Assert.Null(bench.Vehicle.State.Position);
        Assert.Empty(bench.Facts.OfType<VehicleFact.PositionFixed>());
    }

    [Fact]
    public void What_a_battery_does_not_measure_is_unknown_and_not_zero()
    {
        var bench = Bench.WithCopter();
        BatteryStatus status = new() { BatteryRemaining = -1, CurrentBattery = -1, CurrentConsumed = -1, Temperature = short.MaxValue };
        status.SetVoltages([12_600, ushort.MaxValue, ushort.MaxValue]);
        bench.Receive(status);

        var battery = bench.Vehicle.State.Battery!.Value.Value;
        Assert.Equal(new BatteryReading(null, 12.6, null, null, null, null, BatteryLevel.Unknown), battery);
    }

    [Theory]
    [InlineData(80, MavBatteryChargeState.Ok, BatteryLevel.Ok)]
    [InlineData(20, MavBatteryChargeState.Ok, BatteryLevel.Low)]
    [InlineData(10, MavBatteryChargeState.Ok, BatteryLevel.Critical)]
    [InlineData(10, MavBatteryChargeState.Charging, BatteryLevel.Critical)]
    [InlineData(10, MavBatteryChargeState.Undefined, BatteryLevel.Critical)]
    [InlineData(10, MavBatteryChargeState.Emergency, BatteryLevel.Emergency)]
    [InlineData(80, MavBatteryChargeState.Low, BatteryLevel.Low)]
    [InlineData(-1, MavBatteryChargeState.Critical, BatteryLevel.Critical)]
    [InlineData(-1, MavBatteryChargeState.Ok, BatteryLevel.Ok)]
    public void A_battery_is_as_low_as_the_worse_of_its_charge_state_and_its_percentage(int percent, MavBatteryChargeState state, BatteryLevel level)
    {
        var bench = Bench.WithCopter();
        bench.Receive(new BatteryStatus { BatteryRemaining = (sbyte)percent, ChargeState = state });

        Assert.Equal(level, bench.Vehicle.State.Battery!.Value.Value.Level);
        Assert.Equal(level >= BatteryLevel.Low ? [level] : [], bench.Facts.OfType<VehicleFact.LowBattery>().Select(low => low.Level));
        var start = bench.Begin(new VehicleCommand.StartMission());
        Assert.Equal(level >= BatteryLevel.Low, bench.OutcomeOf(start) is CommandOutcome.NotSent { Reason: NotSentReason.WrongState });
    }

    [Fact]
    public void The_vehicles_clock_question_is_answered_with_its_own_stamp()
    {
        var bench = Bench.WithCopter();

        bench.Receive(new Timesync { Tc1 = 0, Ts1 = 123_456_789 });
        bench.Receive(new Timesync { Tc1 = 5, Ts1 = 99 });

        var answer = Assert.Single(bench.SentOf<Timesync>());
        Assert.Equal(123_456_789, answer.Ts1);
        Assert.Equal((bench.Now - DateTimeOffset.UnixEpoch).Ticks * 100, answer.Tc1);
    }

    [Fact]
    public void Our_heartbeat_beats_while_fed_and_stops_within_three_seconds_of_the_last_feeding()
    {
        GcsHeartbeat heartbeat = new();
        var now = Bench.Start;
        Assert.False(heartbeat.Tick(now, out _));
        var beats = new List<DateTimeOffset>();
        for (var i = 0; i < 200; i++, now += TimeSpan.FromMilliseconds(100))
        {
            if (i < 100)
                heartbeat.Feed(now);
            if (heartbeat.Tick(now, out var message))
            {
                beats.Add(now);
                Assert.Equal(MavType.Gcs, message.Decode<Heartbeat>().Type);
            }
        }

        Assert.Equal(13, beats.Count);
        Assert.True(beats[^1] - (Bench.Start + TimeSpan.FromSeconds(9.9)) <= 3 * Second);
        heartbeat.Feed(now);
        Assert.True(heartbeat.Tick(now, out _));
    }

    [Fact]
    public void A_snapshot_marks_what_is_stale()
    {
        var bench = Bench.WithCopter();
        bench.Receive(new GlobalPositionInt { TimeBootMs = 1000, Lat = 245130000, Lon = 1176550000 });
        bench.Receive(new HomePosition { Latitude = 245130000, Longitude = 1176550000 });

        Assert.False(bench.Vehicle.Snapshot(bench.Now + Second).Position!.Value.IsStale);
        var later = bench.Vehicle.Snapshot(bench.Now + (30 * Second));

        Assert.True(later.Position!.Value.IsStale);
        Assert.Equal(30 * Second, later.Position!.Value.Age);
        Assert.False(later.Home!.Value.IsStale);
    }
}

using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;
using Xunit;

namespace DroneOps.Tests.Vehicles;

public sealed partial class CommandTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_state_changing_command_without_an_answer_is_sent_once_and_ends_unknown()
    {
        var bench = Bench.WithCopter();

        var ticket = bench.Begin(new VehicleCommand.Arm());
        bench.Run(10 * Second);

        Assert.Single(bench.SentCommands(MavCmd.ComponentArmDisarm));
        var unknown = Assert.IsType<CommandOutcome.Unknown>(bench.OutcomeOf(ticket));
        Assert.False(unknown.EffectSeen);
    }

    [Fact]
    public void A_lost_answer_stays_unknown_but_telemetry_shows_the_effect()
    {
        var bench = Bench.WithCopter();
        bench.OnSent = _ => bench.Armed = true;

        var ticket = bench.Begin(new VehicleCommand.Arm());
        bench.Run(4 * Second);

        Assert.True(Assert.IsType<CommandOutcome.Unknown>(bench.OutcomeOf(ticket)).EffectSeen);
    }

    [Fact]
    public void A_safe_stop_without_an_answer_is_sent_three_times_within_three_seconds()
    {
        var bench = Bench.WithCopter();

        var ticket = bench.Begin(new VehicleCommand.ReturnToLaunch());
        bench.Run(10 * Second);

        var sent = bench.SentCommands(MavCmd.NavReturnToLaunch);
        Assert.Equal([0, 1, 2], sent.Select(c => (int)c.Confirmation));
        Assert.All(bench.Sent.Where(s => s.SendId != 0), s => Assert.True(s.NotAfter <= Bench.Start + (3 * Second)));
        Assert.IsType<CommandOutcome.Unknown>(bench.OutcomeOf(ticket));
        Assert.Equal(3, (bench.Facts.OfType<VehicleFact.CommandConcluded>().Single().At - Bench.Start).TotalSeconds, 0.1);
    }

    [Fact]
    public void Only_the_repeats_of_a_safe_stop_go_by_all_ways()
    {
        foreach (var stop in (VehicleCommand[])[new VehicleCommand.Hold(), new VehicleCommand.Land(), new VehicleCommand.ReturnToLaunch(), new VehicleCommand.PauseMission()])
            Assert.Equal([false, true, true], WaysOf(stop));
        foreach (var query in (VehicleCommand[])[new VehicleCommand.RequestMessage(BatteryStatus.MsgId), new VehicleCommand.SetMessageInterval(BatteryStatus.MsgId, 1)])
            Assert.Equal([false, false, false], WaysOf(query));
        Assert.Equal([false], WaysOf(new VehicleCommand.Arm()));

        static IEnumerable<bool> WaysOf(VehicleCommand command)
        {
            var bench = Bench.WithCopter();
            bench.Begin(command);
            bench.Run(10 * Second);
            return bench.Sent.Where(s => s.SendId != 0).Select(s => s.ByAllWays);
        }
    }

    [Fact]
    public void Every_copy_of_a_stop_that_went_by_two_ways_may_be_answered_and_none_of_them_is_the_next_commands_answer()
    {
        var bench = Bench.WithCopter();
        bench.OnSent = _ =>
        {
            if (bench.Sent[^1] is not { ByAllWays: true } repeat)
                return;
            bench.Vehicle.SentCopies(repeat, 2, bench.Now);
            foreach (var delayMs in (int[])[20, 100, 200])
                bench.ReplyAfter(new CommandAck { Command = MavCmd.DoSetMode, TargetSystem = 255, TargetComponent = 190 }, TimeSpan.FromMilliseconds(delayMs));
        };
        var hold = bench.Begin(new VehicleCommand.Hold());
        bench.RunUntil(() => bench.OutcomeOf(hold) is not null, 2 * Second);
        Assert.IsType<CommandOutcome.Accepted>(bench.OutcomeOf(hold));

        var next = bench.Begin(new VehicleCommand.SetMode("GUIDED"));
        bench.Run(TimeSpan.FromMilliseconds(500));
        Assert.Null(bench.OutcomeOf(next));
        bench.Ack(MavCmd.DoSetMode, MavResult.Accepted);
        bench.Run(TimeSpan.FromMilliseconds(500));
        Assert.IsType<CommandOutcome.Accepted>(bench.OutcomeOf(next));
    }

    [Fact]
    public void A_safe_stop_ends_with_its_first_acceptance()
    {
        var bench = Bench.WithCopter();
        bench.OnSent = _ =>
        {
            if (bench.Sent.Count == 2)
                bench.Ack(MavCmd.NavReturnToLaunch, MavResult.Accepted);
        };

        var ticket = bench.Begin(new VehicleCommand.ReturnToLaunch());
        bench.Run(5 * Second);

        Assert.IsType<CommandOutcome.Accepted>(bench.OutcomeOf(ticket));
        Assert.Equal(2, bench.SentCommands(MavCmd.NavReturnToLaunch).Count);
    }

    [Fact]
    public void A_query_without_an_answer_is_sent_three_times()
    {
        var bench = Bench.WithCopter();

        var ticket = bench.Begin(new VehicleCommand.RequestMessage(BatteryStatus.MsgId));
        bench.Run(10 * Second);

        Assert.Equal(3, bench.SentCommands(MavCmd.RequestMessage).Count(c => c.Param1 == BatteryStatus.MsgId));
        Assert.IsType<CommandOutcome.Unknown>(bench.OutcomeOf(ticket));
    }

    [Fact]
    public void A_command_in_progress_is_waited_for_and_never_sent_again()
    {
        var bench = Bench.WithCopter();
        var ticket = bench.Begin(new VehicleCommand.ReturnToLaunch());
        bench.Ack(MavCmd.NavReturnToLaunch, MavResult.InProgress, progress: 40);

        bench.Run(20 * Second);
        Assert.Null(bench.OutcomeOf(ticket));
        Assert.Equal(40, Assert.Single(bench.Facts.OfType<VehicleFact.CommandProgressed>()).Outcome.ProgressPercent);
        bench.Ack(MavCmd.NavReturnToLaunch, MavResult.Accepted);
        bench.Run(Second);

        Assert.Single(bench.SentCommands(MavCmd.NavReturnToLaunch));
        Assert.IsType<CommandOutcome.Accepted>(bench.OutcomeOf(ticket));
    }

    [Fact]
    public void A_command_in_progress_that_never_ends_is_unknown()
    {
        var bench = Bench.WithCopter();
        var ticket = bench.Begin(new VehicleCommand.Disarm());
        bench.Ack(MavCmd.ComponentArmDisarm, MavResult.InProgress);

        bench.Run(70 * Second);

        Assert.IsType<CommandOutcome.Unknown>(bench.OutcomeOf(ticket));
    }

    [Fact]
    public void A_refusal_carries_the_texts_around_it()
    {
        var bench = Bench.WithCopter();
        var ticket = bench.Begin(new VehicleCommand.Arm());
        bench.Say("Arm: Need Position Estimate");
        bench.Ack(MavCmd.ComponentArmDisarm, MavResult.Failed);
        bench.Run(TimeSpan.FromMilliseconds(100));
        bench.Say("Arm: AHRS: waiting for home");
        bench.Run(Second);
        bench.Say("PreArm: Compass calibration running");
        bench.Run(Second);

        var rejected = Assert.IsType<CommandOutcome.Rejected>(bench.OutcomeOf(ticket));
        Assert.Equal(MavResult.Failed, rejected.Result);
        Assert.Equal("Arm: Need Position Estimate; Arm: AHRS: waiting for home", rejected.Reason);
    }

    [Fact]
    public void A_second_copy_of_a_command_that_waits_for_its_answer_is_refused()
    {
        var bench = Bench.WithCopter();
        bench.Begin(new VehicleCommand.Arm());

        var second = bench.Begin(new VehicleCommand.Arm());

        Assert.Equal(NotSentReason.Duplicate, Assert.IsType<CommandOutcome.NotSent>(bench.OutcomeOf(second)).Reason);
        Assert.Single(bench.SentCommands(MavCmd.ComponentArmDisarm));
    }

    [Fact]
    public void An_answer_to_another_station_is_not_ours()
    {
        var bench = Bench.WithCopter();
        var ticket = bench.Begin(new VehicleCommand.Arm());

        bench.Reply(new CommandAck { Command = MavCmd.ComponentArmDisarm, Result = MavResult.Accepted, TargetSystem = 254, TargetComponent = 190 });
        bench.Run(Second);
        Assert.Null(bench.OutcomeOf(ticket));
        bench.Reply(new CommandAck { Command = MavCmd.ComponentArmDisarm, Result = MavResult.Accepted });
        bench.Run(Second);

        Assert.IsType<CommandOutcome.Accepted>(bench.OutcomeOf(ticket));
    }

    [Fact]
    public void A_late_answer_is_told_as_late_and_not_taken_for_the_next_command()
    {
        var bench = Bench.WithCopter();
        var ticket = bench.Begin(new VehicleCommand.Arm());
        bench.Run(5 * Second);

        bench.Ack(MavCmd.ComponentArmDisarm, MavResult.Accepted);
        bench.Run(Second);

        var late = Assert.Single(bench.Facts.OfType<VehicleFact.CommandAnsweredLate>());
        Assert.Equal((ticket, MavResult.Accepted), (late.Ticket, late.Result));
    }

    [Fact]
    public void Nothing_is_sent_to_a_vehicle_that_was_never_heard()
    {
        Bench bench = new();

        var ticket = bench.Begin(new VehicleCommand.Arm());

        Assert.Equal(NotSentReason.LinkLost, Assert.IsType<CommandOutcome.NotSent>(bench.OutcomeOf(ticket)).Reason);
        Assert.Empty(bench.Sent);
    }

    [Fact]
    public void Nothing_is_sent_over_a_lost_link()
    {
        var bench = Bench.WithCopter();
        bench.StopBeating();
        bench.Run(5 * Second);

        var ticket = bench.Begin(new VehicleCommand.ReturnToLaunch());

        Assert.Equal(NotSentReason.LinkLost, Assert.IsType<CommandOutcome.NotSent>(bench.OutcomeOf(ticket)).Reason);
    }

    [Fact]
    public void A_command_that_nobody_took_before_its_deadline_was_not_sent()
    {
        Vehicle vehicle = new(new("test", 1), new VehicleOptions { Streams = [], AuditFailsafes = false, FindVideo = false }, new(255, 190));
        Bench heart = new();
        var buffer = new byte[MavlinkFrame.MaxLength];
        var length = FrameWriter.Write(buffer, heart.Heartbeat(), new(1, 1), 0);
        Assert.True(MavlinkFrame.TryParse(buffer.AsSpan(0, length), MessageCatalog.Default, out var frame));
        vehicle.OnMessage(frame, Bench.Start);

        var ticket = vehicle.Begin(new VehicleCommand.Arm(), Bench.Start);
        vehicle.Tick(Bench.Start + (4 * Second));

        while (vehicle.TryTakeOutgoing(out var outgoing))
            Assert.False(outgoing.Message.Is<CommandLong>() && outgoing.Message.Decode<CommandLong>().Command == MavCmd.ComponentArmDisarm);
        var concluded = Assert.Single(FactsOf(vehicle).OfType<VehicleFact.CommandConcluded>());
        Assert.Equal(ticket, concluded.Ticket);
        Assert.IsType<CommandOutcome.NotSent>(concluded.Outcome);
    }

    [Fact]
    public void A_command_that_no_link_took_was_not_sent()
    {
        var bench = Bench.WithCopter();
        var ticket = bench.Begin(new VehicleCommand.Arm());

        bench.Vehicle.NotSent(bench.Sent.Last(), NotSentReason.LinkLost, bench.Now);
        bench.Run(5 * Second);

        Assert.Equal(NotSentReason.LinkLost, Assert.IsType<CommandOutcome.NotSent>(bench.OutcomeOf(ticket)).Reason);
    }

    private static List<VehicleFact> FactsOf(Vehicle vehicle)
    {
        List<VehicleFact> facts = [];
        while (vehicle.TryTakeFact(out var fact))
            facts.Add(fact);
        return facts;
    }
}

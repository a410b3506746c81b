using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class StreamTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(100)]
    public void A_rate_asked_for_is_the_rate_that_comes(int hz)
    {
        var ground = Ground.Ready();
        Assert.Equal(MavResult.Accepted, ground.Interval(Attitude.MsgId, hz));
        ground.Log.Clear();
        ground.Run(10);

        Assert.InRange(ground.All<Attitude>().Count(), (hz * 10) - 1, (hz * 10) + 1);
    }

    [Fact]
    public void A_rate_that_is_too_high_is_denied_with_a_text_in_two_chunks_and_the_old_one_stays()
    {
        var ground = Ground.Ready();
        ground.Interval(Attitude.MsgId, 10);
        ground.Log.Clear();
        Assert.Equal(MavResult.Denied, ground.Interval(Attitude.MsgId, 400));

        var chunks = ground.All<Statustext>().ToArray();
        Assert.Equal("Requested rate for message ID 30 too fast. Increas", chunks[0].Text);
        Assert.Equal("e SCHED_LOOP_RATE", chunks[1].Text);
        Assert.Equal((chunks[0].Id, (byte)0, (byte)1), (chunks[1].Id, chunks[0].ChunkSeq, chunks[1].ChunkSeq));
        Assert.NotEqual(0, chunks[0].Id);
        ground.Command(MavCmd.GetMessageInterval, Attitude.MsgId);
        Assert.Equal(100_000, ground.Last<MessageInterval>().IntervalUs);
    }

    [Theory]
    [InlineData(9999u)]
    [InlineData(CurrentMode.MsgId)]
    public void A_message_without_a_stream_is_denied_with_a_text(uint id)
    {
        var ground = Ground.Ready();

        Assert.Equal(MavResult.Denied, ground.Interval(id, 1));
        Assert.Contains($"No ap_message for mavlink id ({id})", ground.Texts);
    }

    [Fact]
    public void Interval_0_starts_nothing_and_minus_1_stops()
    {
        var ground = Ground.Ready();
        ground.Command(MavCmd.SetMessageInterval, Attitude.MsgId, 0);
        ground.Run(2);
        Assert.Empty(ground.All<Attitude>());
        ground.Command(MavCmd.GetMessageInterval, Attitude.MsgId);
        Assert.Equal(-1, ground.Last<MessageInterval>().IntervalUs);

        ground.Interval(Attitude.MsgId, 10);
        ground.Run(1);
        ground.Command(MavCmd.SetMessageInterval, Attitude.MsgId, -1);
        ground.Log.Clear();
        ground.Run(2);
        Assert.Empty(ground.All<Attitude>());
    }

    [Fact]
    public void The_legacy_request_starts_and_stops_all_but_the_landed_state_without_an_acknowledgement()
    {
        var ground = Ground.Ready();
        ground.Log.Clear();
        ground.Send(new RequestDataStream { TargetSystem = 1, ReqStreamId = 0, ReqMessageRate = 2, StartStop = 1 });
        ground.Run(5);
        Assert.Empty(ground.All<CommandAck>());
        Assert.InRange(ground.All<Attitude>().Count(), 9, 11);
        ground.Send(new RequestDataStream { TargetSystem = 1, ReqStreamId = 0, ReqMessageRate = 0, StartStop = 0 });
        ground.Log.Clear();
        ground.Run(3);

        Assert.Equal([Heartbeat.MsgId, ExtendedSysState.MsgId], ground.Log.Select(h => h.MessageId).Where(id => id != Timesync.MsgId).Distinct().Order());
    }

    [Fact]
    public void A_requested_message_follows_its_acknowledgement()
    {
        var ground = Ground.Ready();
        ground.Log.Clear();
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.RequestMessage, BatteryStatus.MsgId));

        Assert.Equal([CommandAck.MsgId, BatteryStatus.MsgId], ground.Log.Select(h => h.MessageId));
        Assert.Equal(ushort.MaxValue, ground.Last<BatteryStatus>().Voltages[1]);
        Assert.Equal(short.MaxValue, ground.Last<BatteryStatus>().Temperature);
    }

    [Theory]
    [InlineData(9999u)]
    [InlineData(ProtocolVersion.MsgId)]
    [InlineData(CurrentMode.MsgId)]
    [InlineData(FenceStatus.MsgId)]
    public void A_request_for_what_it_has_not_fails(uint id) =>
        Assert.Equal(MavResult.Failed, Ground.Ready().Command(MavCmd.RequestMessage, id));

    [Fact]
    public void Modes_are_listed_one_by_one_and_index_0_gives_the_first_only()
    {
        var ground = Ground.Ready();
        ground.Command(MavCmd.RequestMessage, AvailableModes.MsgId, 0);
        var first = Assert.Single(ground.All<AvailableModes>());
        Assert.Equal(1, first.ModeIndex);
        ground.Log.Clear();
        for (var i = 1; i <= first.NumberModes; i++)
            ground.Command(MavCmd.RequestMessage, AvailableModes.MsgId, i);
        Assert.Equal(first.NumberModes, ground.All<AvailableModes>().Select(m => m.CustomMode).Distinct().Count());

        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.RequestMessage, AvailableModes.MsgId, 99));
        Assert.Equal(first.NumberModes, ground.All<AvailableModes>().Count());
    }

    [Fact]
    public void Fence_status_is_streamed_only_while_a_fence_is_enabled()
    {
        var ground = Ground.Ready();
        ground.Interval(FenceStatus.MsgId, 1);
        ground.Run(3);
        Assert.Empty(ground.All<FenceStatus>());
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.DoFenceEnable, 1));
        ground.Run(3);

        Assert.NotEmpty(ground.All<FenceStatus>());
    }

    [Fact]
    public void It_answers_time_synchronisation()
    {
        var ground = Ground.Ready();
        ground.Send(new Timesync { Tc1 = 0, Ts1 = 4711 });

        var answer = ground.Last<Timesync>();
        Assert.Equal(4711, answer.Ts1);
        Assert.Equal(5.0, answer.Tc1 / 1e9, 1);
    }
}

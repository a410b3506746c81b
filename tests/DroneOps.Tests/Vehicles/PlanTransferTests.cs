using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;
using Xunit;

namespace DroneOps.Tests.Vehicles;

public sealed class PlanTransferTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<PlanFault> Faults => [.. Enum.GetValues<PlanFault>()];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Whatever_fails_an_upload_ends_and_tells_the_truth_about_what_is_on_board(PlanFault fault)
    {
        var bench = Bench.WithCopter();
        FaultyVehicle vehicle = new(bench);
        Upload(bench, Items(4, north: 7));
        vehicle.Fault = fault;

        var wanted = Items(5, north: 1);
        var ticket = bench.Vehicle.BeginUpload(PlanKind.Mission, wanted, bench.Now);
        bench.RunUntil(() => bench.ResultOf(ticket) is not null, 3 * Minute);

        var onBoard = vehicle.Stored[MavMissionType.Mission].Skip(1).ToList();
        switch (bench.ResultOf(ticket))
        {
            case PlanTransferResult.Verified or PlanTransferResult.Accepted:
                AssertSame(wanted, onBoard);
                break;
            case PlanTransferResult.Failed { OnBoard: { } read }:
                AssertSame(onBoard, read);
                break;
            case PlanTransferResult.Rejected { OnBoard: { } read }:
                AssertSame(onBoard, read);
                break;
            case PlanTransferResult.Failed or PlanTransferResult.Rejected:
                break;
            default:
                Assert.Fail($"{bench.ResultOf(ticket)}");
                break;
        }
    }

    [Theory]
    [InlineData(PlanFault.None)]
    [InlineData(PlanFault.CountAnsweredOnSecondAsking)]
    [InlineData(PlanFault.NoFinalAnswer)]
    [InlineData(PlanFault.FinalError)]
    [InlineData(PlanFault.SequenceNacksInBetween)]
    [InlineData(PlanFault.LateErrorAfterSuccess)]
    [InlineData(PlanFault.ListAnsweredOnSecondAsking)]
    [InlineData(PlanFault.Item1SentOnSecondAsking)]
    [InlineData(PlanFault.AcknowledgementWhileIdle)]
    [InlineData(PlanFault.ItemWhileIdle)]
    [InlineData(PlanFault.RequestWhileIdle)]
    public void Faults_that_leave_the_plan_whole_end_verified(PlanFault fault)
    {
        var bench = Bench.WithCopter();
        _ = new FaultyVehicle(bench, fault);

        Assert.IsType<PlanTransferResult.Verified>(Upload(bench, Items(5, north: 1)));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Whatever_fails_a_download_ends_with_the_plan_or_a_reason(PlanFault fault)
    {
        var bench = Bench.WithCopter();
        FaultyVehicle vehicle = new(bench);
        var items = Items(5, north: 1);
        Upload(bench, items);
        vehicle.Fault = fault;

        var ticket = bench.Vehicle.BeginDownload(PlanKind.Mission, bench.Now);
        bench.RunUntil(() => bench.ResultOf(ticket) is not null, Minute);

        if (bench.ResultOf(ticket) is PlanTransferResult.Downloaded downloaded)
            AssertSame(items, downloaded.Items);
        else
            Assert.True(bench.ResultOf(ticket) is PlanTransferResult.Failed or PlanTransferResult.Rejected);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void After_any_failure_the_next_transfer_works(PlanFault fault)
    {
        var bench = Bench.WithCopter();
        FaultyVehicle vehicle = new(bench, fault);
        var first = bench.Vehicle.BeginUpload(PlanKind.Mission, Items(5, north: 1), bench.Now);
        bench.RunUntil(() => bench.ResultOf(first) is not null, 3 * Minute);

        vehicle.Fault = PlanFault.None;
        var wanted = Items(6, north: 3);

        Assert.IsType<PlanTransferResult.Verified>(Upload(bench, wanted));
        AssertSame(wanted, vehicle.Stored[MavMissionType.Mission].Skip(1).ToList());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Five_hundred_items_get_through_a_link_that_loses_a_quarter_both_ways(int seed)
    {
        var bench = Bench.WithCopter();
        FaultyVehicle vehicle = new(bench, loss: 0.25, seed: seed);
        var wanted = Items(500, north: 1);

        var ticket = bench.Vehicle.BeginUpload(PlanKind.Mission, wanted, bench.Now);
        bench.RunUntil(() => bench.ResultOf(ticket) is not null, 20 * Minute);
        Assert.IsType<PlanTransferResult.Verified>(bench.ResultOf(ticket));
        AssertSame(wanted, vehicle.Stored[MavMissionType.Mission].Skip(1).ToList());

        var download = bench.Vehicle.BeginDownload(PlanKind.Mission, bench.Now);
        bench.RunUntil(() => bench.ResultOf(download) is not null, 20 * Minute);
        AssertSame(wanted, Assert.IsType<PlanTransferResult.Downloaded>(bench.ResultOf(download)).Items);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_link_that_loses_half_gives_the_right_plan_or_a_clean_error(int seed)
    {
        var bench = Bench.WithCopter();
        FaultyVehicle vehicle = new(bench, loss: 0.5, seed: seed);
        var wanted = Items(60, north: 1);

        var ticket = bench.Vehicle.BeginUpload(PlanKind.Mission, wanted, bench.Now);
        bench.RunUntil(() => bench.ResultOf(ticket) is not null, 20 * Minute);

        if (bench.ResultOf(ticket) is PlanTransferResult.Verified or PlanTransferResult.Accepted)
            AssertSame(wanted, vehicle.Stored[MavMissionType.Mission].Skip(1).ToList());
        else
            Assert.IsType<PlanTransferResult.Failed>(bench.ResultOf(ticket));
    }

    [Fact]
    public void A_request_is_answered_with_the_integer_item_and_home_comes_first()
    {
        var bench = Bench.WithCopter();
        bench.Receive(new HomePosition { Latitude = 245105000, Longitude = 1176550000, Altitude = 10_090 });
        _ = new FaultyVehicle(bench);

        Upload(bench, Items(2, north: 1));

        Assert.Equal(3, bench.SentOf<MissionCount>()[0].Count);
        var items = bench.SentOf<MissionItemInt>();
        Assert.Equal([0, 1, 2], items.Select(i => (int)i.Seq));
        Assert.Equal((245105000, 1176550000, MavFrame.Global), (items[0].X, items[0].Y, items[0].Frame));
        Assert.Empty(bench.SentOf<MissionItem>());
    }

    [Fact]
    public void A_px4_gets_the_plan_as_it_is()
    {
        Bench bench = new() { Autopilot = MavAutopilot.Px4 };
        bench.Beat();
        FaultyVehicle vehicle = new(bench) { IsArduPilot = false };
        var wanted = Items(3, north: 1);

        Assert.IsType<PlanTransferResult.Verified>(Upload(bench, wanted));

        AssertSame(wanted, vehicle.Stored[MavMissionType.Mission]);
    }

    [Fact]
    public void A_refused_item_tells_the_answer_the_text_and_the_mixture_on_board()
    {
        var bench = Bench.WithCopter();
        FaultyVehicle vehicle = new(bench);
        Upload(bench, Items(3, north: 7));
        vehicle.Refusal = (2, MavMissionResult.InvalidParam5X, "latitude out of range");

        var rejected = Assert.IsType<PlanTransferResult.Rejected>(Upload(bench, Items(3, north: 1)));

        Assert.Equal((MavMissionResult.InvalidParam5X, "latitude out of range"), (rejected.Type, rejected.Text));
        AssertSame([Items(3, north: 1)[0], .. Items(3, north: 7).Skip(1)], rejected.OnBoard!);
    }

    [Fact]
    public void A_silent_vehicle_ends_an_upload_with_a_reason()
    {
        var bench = Bench.WithCopter();

        var failed = Assert.IsType<PlanTransferResult.Failed>(Upload(bench, Items(3, north: 1)));

        Assert.Null(failed.OnBoard);
        Assert.Equal(5, bench.SentOf<MissionCount>().Count);
    }

    [Fact]
    public void An_empty_list_clears_the_plan()
    {
        var bench = Bench.WithCopter();
        FaultyVehicle vehicle = new(bench);
        Upload(bench, Items(3, north: 1));

        Assert.IsType<PlanTransferResult.Verified>(Upload(bench, []));

        Assert.Empty(vehicle.Stored[MavMissionType.Mission]);
        Assert.Single(bench.SentOf<MissionClearAll>());
    }

    [Fact]
    public void A_fence_is_told_only_once_it_has_had_time_to_come_alive()
    {
        var bench = Bench.WithCopter();
        _ = new FaultyVehicle(bench);
        MissionItemInt[] fence = [.. Enumerable.Range(0, 4).Select(i => new MissionItemInt
        {
            Command = MavCmd.NavFencePolygonVertexInclusion,
            Frame = MavFrame.GlobalRelativeAltInt,
            Param1 = 4,
            X = 245000000 + (i * 1000),
            Y = 1176000000,
            Autocontinue = 1,
        })];

        var ticket = bench.Vehicle.BeginUpload(PlanKind.Fence, fence, bench.Now);
        bench.RunUntil(() => bench.SentOf<MissionAck>().Count == 1, Minute);
        var readBackAt = bench.Now;
        bench.RunUntil(() => bench.ResultOf(ticket) is not null, Minute);

        Assert.IsType<PlanTransferResult.Verified>(bench.ResultOf(ticket));
        Assert.True(bench.Now - Bench.Start >= TimeSpan.FromMilliseconds(60) && bench.Now >= readBackAt);
    }

    [Fact]
    public void Transfers_wait_for_each_other_and_too_many_are_refused()
    {
        var bench = Bench.WithCopter();
        _ = new FaultyVehicle(bench);

        var tickets = Enumerable.Range(0, 10).Select(_ => bench.Vehicle.BeginUpload(PlanKind.Mission, Items(3, north: 1), bench.Now)).ToList();
        bench.RunUntil(() => tickets.TrueForAll(t => bench.ResultOf(t) is not null), Minute);

        Assert.Equal(9, tickets.Count(t => bench.ResultOf(t) is PlanTransferResult.Verified));
        Assert.Equal(NotSentReason.QueueFull, Assert.IsType<PlanTransferResult.NotStarted>(bench.ResultOf(tickets[^1])).Reason);
    }

    [Fact]
    public void A_cancelled_transfer_says_so_to_both_sides_and_lets_the_next_one_in()
    {
        var bench = Bench.WithCopter();
        _ = new FaultyVehicle(bench, PlanFault.Item1NeverAskedFor);
        var first = bench.Vehicle.BeginUpload(PlanKind.Mission, Items(3, north: 1), bench.Now);
        var second = bench.Vehicle.BeginDownload(PlanKind.Rally, bench.Now);
        var third = bench.Vehicle.BeginDownload(PlanKind.Fence, bench.Now);
        bench.Run(TimeSpan.FromSeconds(1));

        bench.Vehicle.CancelTransfer(third, bench.Now);
        bench.Vehicle.CancelTransfer(first, bench.Now);
        bench.Run(TimeSpan.FromSeconds(20));

        Assert.True(Assert.IsType<PlanTransferResult.Cancelled>(bench.ResultOf(first)).HadBegun);
        Assert.False(Assert.IsType<PlanTransferResult.Cancelled>(bench.ResultOf(third)).HadBegun);
        Assert.NotNull(bench.ResultOf(second));
        Assert.Contains(bench.SentOf<MissionAck>(), a => a.Type == MavMissionResult.OperationCancelled);
    }

    [Fact]
    public void A_vehicle_that_flies_its_mission_does_not_get_another()
    {
        var bench = Bench.WithCopter();
        bench.Armed = true;
        bench.Mode = CopterMode.Auto;
        bench.Beat();
        bench.Receive(new ExtendedSysState { LandedState = MavLandedState.InAir });

        var ticket = bench.Vehicle.BeginUpload(PlanKind.Mission, Items(3, north: 1), bench.Now);
        bench.Step();

        Assert.Equal(NotSentReason.WrongState, Assert.IsType<PlanTransferResult.NotStarted>(bench.ResultOf(ticket)).Reason);
    }

    private static PlanTransferResult Upload(Bench bench, IReadOnlyList<MissionItemInt> items)
    {
        var ticket = bench.Vehicle.BeginUpload(PlanKind.Mission, items, bench.Now);
        bench.RunUntil(() => bench.ResultOf(ticket) is not null, 3 * Minute);
        return bench.ResultOf(ticket)!;
    }

    private static MissionItemInt[] Items(int count, int north)
    {
        var items = new MissionItemInt[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = new()
            {
                Command = i == count - 1 ? MavCmd.NavReturnToLaunch : MavCmd.NavWaypoint,
                Frame = MavFrame.GlobalRelativeAltInt,
                Autocontinue = 1,
            };
            if (i == count - 1)
                continue;
            items[i].Param1 = i % 3;
            items[i].X = 245100000 + (north * 100_000) + (i * 321);
            items[i].Y = 1176500000 + (i * 777);
            items[i].Z = 40 + (i % 7) + 0.123f;
        }

        return items;
    }

    private static void AssertSame(IReadOnlyList<MissionItemInt> expected, IReadOnlyList<MissionItemInt> actual) => Assert.Equal(
        expected.Select(i => (i.Command, i.X, i.Y, Math.Round(i.Z, 1), i.Param1)), actual.Select(i => (i.Command, i.X, i.Y, Math.Round(i.Z, 1), i.Param1)));
}

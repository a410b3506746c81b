using DroneOps.Mavlink;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;

namespace DroneOps.Server.Tests.Fleet;

/// <summary>The stream through which the fleet speaks upward.</summary>
public sealed class FleetEventsTests
{
    [Fact]
    public async Task A_subscriber_that_fails_leaves_and_holds_up_nobody()
    {
        var quiescence = new Quiescence();
        var events = new FleetEvents(quiescence);
        using var failing = events.Subscribe("failing");
        var reading = failing.ReadAsync((_, _) => throw new FormatException(), TestContext.Current.CancellationToken);

        for (var i = 0; i < 10_000; i++)
            await events.PublishAsync(new FleetEvent.Registered("1", TestServer.Begin, "UAV-01"), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<FormatException>(() => reading);
        await quiescence.WhenIdleAsync();
        Assert.Equal(0, quiescence.InHand);
    }

    [Fact]
    public async Task A_subscriber_that_stands_still_costs_samples_and_no_event()
    {
        var events = new FleetEvents(new Quiescence());
        using var still = events.Subscribe("still");
        var sample = new FleetEvent.Observed("1", new VehicleFact.PositionFixed(TestServer.Begin, new(24.5, 117.6), Altitude.Amsl(30), Altitude.Relative(20), default, null));
        var landed = new FleetEvent.Observed("1", new VehicleFact.Landed(TestServer.Begin, null, null, default));

        for (var i = 0; i < 100_000; i++)
            Assert.True(events.PublishAsync(sample, TestContext.Current.CancellationToken).AsTask().IsCompleted);
        Assert.True(events.PublishAsync(landed, TestContext.Current.CancellationToken).AsTask().IsCompleted);
        Assert.Equal(100_000 - FleetEvents.SampleLimit, still.SamplesLeftOut);

        var seen = new List<FleetEvent>();
        using var enough = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => still.ReadAsync(
            async (happened, _) =>
            {
                seen.Add(happened);
                if (happened == landed)
                    await enough.CancelAsync();
            },
            enough.Token));
        Assert.Equal(FleetEvents.SampleLimit + 1, seen.Count);
        Assert.Same(landed, seen[^1]);
    }
}

using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;

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
}

using DroneOps.Server.Cluster;
using DroneOps.Server.Dispatch;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace DroneOps.Server.Tests.Dispatch;

public sealed class LateWritesTests : IAsyncLifetime
{
    private readonly Quiescence _quiescence = new();
    private readonly VirtualClock _clock = new(TestServer.Begin);
    private readonly LateWrites _writes;
    private readonly List<string> _written = [];
    private readonly HashSet<string> _refused = [];

    public LateWritesTests() => _writes = new(_quiescence, _clock, NullLogger<LateWrites>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _writes.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await _writes.StopAsync(CancellationToken.None);
        _writes.Dispose();
    }

    [Fact]
    public async Task What_follows_a_write_that_failed_waits_for_it_and_other_drones_do_not()
    {
        _refused.Add("1 arrived");
        await WriteAsync("1", "1 arrived");
        await WriteAsync("1", "1 landed");
        await WriteAsync("2", "2 arrived");
        Assert.Equal(["2 arrived"], _written);
        await AgainAsync();
        Assert.Equal(["2 arrived"], _written);
        _refused.Clear();
        await AgainAsync();
        Assert.Equal(["2 arrived", "1 arrived", "1 landed"], _written);
        await WriteAsync("1", "1 took off");
        Assert.Equal("1 took off", _written[^1]);
    }

    [Fact]
    public async Task What_is_late_has_a_bound()
    {
        _refused.Add("first");
        await WriteAsync("1", "first");
        for (var i = 0; i < 2 * LateWrites.Most; i++)
            await WriteAsync("1", $"{i}");
        _refused.Clear();
        await AgainAsync();
        Assert.Equal(LateWrites.Most, _written.Count);
    }

    [Fact]
    public async Task A_mistake_of_ours_is_not_waited_out()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _writes.WriteAsync("1", _ => throw new InvalidOperationException("a mistake of ours"), Token));
    }

    private async Task AgainAsync()
    {
        _clock.Advance(LateWrites.AgainEvery);
        await _quiescence.WhenIdleAsync();
    }

    private Task WriteAsync(string vehicleId, string what) => _writes.WriteAsync(vehicleId, _ =>
    {
        if (_refused.Contains(what))
            throw new TimeoutException();
        _written.Add(what);
        return Task.CompletedTask;
    }, Token);
}

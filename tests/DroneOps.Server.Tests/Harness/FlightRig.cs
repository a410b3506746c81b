using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Simulator;
using DroneOps.Simulator.Scenarios;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Harness;

/// <summary>A server and simulated vehicles on one virtual clock, joined by a line in this process: real bytes, no sockets, no waiting. The
/// clock steps only when everything that the last step set off has been dealt with.</summary>
internal sealed class FlightRig : IAsyncDisposable
{
    private static readonly TimeSpan StepLength = TimeSpan.FromMilliseconds(50);

    private readonly SimulatedFleet _fleet;
    private MemoryLink? _line;

    private FlightRig(TestServer server, SimulatedFleet fleet, MemoryLink line)
    {
        Server = server;
        _fleet = fleet;
        _line = line;
    }

    public TestServer Server { get; }

    public IReadOnlyList<SimulatedCopter> Copters => _fleet.Copters;

    /// <summary>Whether the vehicles' frames are lost on the way to the server.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Changes what the vehicles send on its way to the server: signs it, for example.</summary>
    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? Down { get; set; }

    /// <summary>Sees every frame that the server sends.</summary>
    public Action<ReadOnlyMemory<byte>>? OnSent { get; set; }

    public VehicleBoard Board => Get<VehicleBoard>();

    public T Get<T>()
        where T : notnull => Server.Services.GetRequiredService<T>();

    /// <summary>Starts both on the embedded store and lets the vehicles boot.</summary>
    public static Task<FlightRig> StartAsync(int vehicles) => StartAsync(vehicles, Store.Sqlite);

    /// <summary>Starts both and lets the vehicles boot.</summary>
    /// <param name="settings">Keys below <c>DroneOps:</c>.</param>
    public static async Task<FlightRig> StartAsync(int vehicles, Store store, params (string Key, string Value)[] settings)
    {
        MemoryLink? line = null;
        FlightRig? rig = null;
        var server = await TestServer.StartAsync(
            store,
            builder => builder.Services.AddSingleton(services =>
            {
                var transports = new LinkTransports(MessageCatalog.Default, services.GetRequiredService<TimeProvider>());
                line = transports.OfferMemory("sim");
                if (rig is not null)
                    rig._line = line;
                return transports;
            }),
            [("Links:0", "memory://sim"), .. settings]);
        var fleet = new SimulatedFleet(new SimulatorOptions(new Scenario(Count: vehicles, FastBoot: true), 1, 1, null, null), server.Time);
        rig = new FlightRig(server, fleet, line!);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(12));
        return rig;
    }

    /// <summary>Lets virtual time pass.</summary>
    public async Task AdvanceAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += StepLength)
            await StepAsync();
    }

    /// <summary>Lets virtual time pass until something holds, at most ten minutes of it.</summary>
    public async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; !holds(); i++)
        {
            Assert.True(i < 12_000, "It did not come to hold in ten minutes.");
            await StepAsync();
        }
    }

    /// <summary>Lets virtual time pass until a task of the server has ended.</summary>
    public async Task<T> UntilAsync<T>(Task<T> task)
    {
        await UntilAsync(() => task.IsCompleted);
        return await task;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _fleet.Dispose();
    }

    private async Task StepAsync()
    {
        Server.Time.Advance(StepLength);
        while (_line!.TryReceive(out var datagram))
        {
            OnSent?.Invoke(datagram);
            foreach (var copter in _fleet.Copters)
                copter.OnDatagram(datagram.Span);
        }

        _fleet.Step(Server.Time.GetUtcNow());
        foreach (var copter in _fleet.Copters)
        {
            copter.Drain(datagram =>
            {
                if (!IsSilent)
                    _line.TrySend(Down is { } change ? change(datagram.ToArray()).Span : datagram);
            });
        }

        var (router, quiescence) = (Get<Gateway>().Router, Get<Quiescence>());
        await router.WhenIdleAsync();
        await quiescence.WhenIdleAsync();
        await router.WhenIdleAsync();
    }
}

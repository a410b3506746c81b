using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Simulator;
using DroneOps.Simulator.Scenarios;
using DroneOps.Vehicles;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Harness;

/// <summary>A server and simulated vehicles on one virtual clock, joined by a line in this process: real bytes, no sockets, no waiting. The
/// clock steps only when everything that the last step set off has been dealt with.</summary>
internal sealed class FlightRig : IAsyncDisposable
{
    private const int MessageIdOffset = 7;
    private const double NearTheGroundM = 12;
    private static readonly TimeSpan SmallStep = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CruiseStep = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ParkedStep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TalkLasts = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly SimulatedFleet _fleet;
    private MemoryLink? _line;
    private DateTimeOffset _talksUntil;

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

    /// <summary>Whether steps grow while nothing happens that small ones are needed for: no order is under way, and every vehicle is parked
    /// or well above the ground. The vehicles themselves fly the same whatever the steps.</summary>
    public bool IsHurried { get; set; }

    /// <summary>Sees every frame that the server sends.</summary>
    public Action<ReadOnlyMemory<byte>>? OnSent { get; set; }

    public VehicleBoard Board => Get<VehicleBoard>();

    public DateTimeOffset Now => Server.Time.GetUtcNow();

    public T Get<T>()
        where T : notnull => Server.Services.GetRequiredService<T>();

    /// <summary>Starts both on the embedded store and lets the vehicles boot.</summary>
    public static Task<FlightRig> StartAsync(int vehicles) => StartAsync(vehicles, Store.Sqlite);

    /// <summary>Starts both and lets the vehicles boot.</summary>
    /// <param name="settings">Keys below <c>DroneOps:</c>.</param>
    public static Task<FlightRig> StartAsync(int vehicles, Store store, params (string Key, string Value)[] settings) =>
        StartAsync(new Scenario(Count: vehicles, FastBoot: true), TestServer.Begin, store, settings);

    /// <summary>Starts both at a time of day, and lets the vehicles of a scenario boot.</summary>
    public static async Task<FlightRig> StartAsync(Scenario scenario, DateTimeOffset begin, Store store, params (string Key, string Value)[] settings)
    {
        MemoryLink? line = null;
        FlightRig? rig = null;
        var server = await TestServer.StartAsync(
            store,
            begin,
            builder => builder.Services.AddSingleton(services =>
            {
                var transports = new LinkTransports(MessageCatalog.Default, services.GetRequiredService<TimeProvider>());
                line = transports.OfferMemory("sim");
                if (rig is not null)
                    rig._line = line;
                return transports;
            }),
            [("Links:0", "memory://sim"), .. settings]);
        var fleet = new SimulatedFleet(new SimulatorOptions(scenario, 1, 1, null, null), server.Time);
        rig = new FlightRig(server, fleet, line!);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(12));
        return rig;
    }

    /// <summary>Lets virtual time pass.</summary>
    public async Task AdvanceAsync(TimeSpan span)
    {
        for (var end = Now + span; Now < end;)
        {
            Step(end);
            await SettleAsync();
        }
    }

    /// <summary>Lets virtual time pass until something holds, at most ten minutes of it.</summary>
    public async Task UntilAsync(Func<bool> holds)
    {
        for (var end = Now + Patience; !holds();)
        {
            Assert.True(Now < end, "It did not come to hold in ten minutes.");
            Step(end);
            await SettleAsync();
        }
    }

    /// <summary>Lets virtual time pass until a task of the server has ended.</summary>
    public async Task<T> UntilAsync<T>(Task<T> task)
    {
        await UntilAsync(() => task.IsCompleted);
        return await task;
    }

    /// <summary>Makes a call to the server. The clock stands while the server works on it, and goes on while it waits for a vehicle.</summary>
    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        Task settling;
        Task<T> answer;
        using (Get<Quiescence>().Errand())
        {
            answer = call();
            settling = SettleAsync();
            for (var end = Now + Patience; await Task.WhenAny(answer, settling) != answer; settling = SettleAsync())
            {
                Assert.True(Now < end, "The call was not answered in ten minutes.");
                Step(end);
            }
        }

        await settling;
        return await answer;
    }

    /// <summary>Gives the server an order and goes on. While virtual time passes, the clock stands as long as the server works on it, and not while it waits
    /// for a vehicle.</summary>
    public async Task<T> OrderAsync<T>(Func<Task<T>> order)
    {
        using (Get<Quiescence>().Errand())
            return await order();
    }

    /// <summary>The demo account pilot takes control of a vehicle, unless it has it, and gives a command.</summary>
    /// <param name="grounds">Why it is launched; a training flight unless told otherwise.</param>
    /// <returns>How the command ended.</returns>
    public async Task<CommandOutcome> CommandAsync(string vehicleId, VehicleCommand command, LaunchGrounds? grounds = null)
    {
        var pilot = new Commander("user:pilot", MayFly: true, AssignmentId: null) { Grounds = grounds ?? new("training", "user:admin", IsEmergency: false) };
        Assert.NotNull(await Get<IGrainFactory>().GetGrain<IVehicleGrain>(vehicleId).TakeControl(pilot.Actor));
        return (await UntilAsync(Get<FleetCommands>().ExecuteAsync(vehicleId, command, pilot, CancellationToken.None))).Outcome;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _fleet.Dispose();
    }

    private void Step(DateTimeOffset end)
    {
        while (_line!.TryReceive(out var datagram))
        {
            OnSent?.Invoke(datagram);
            if (datagram.Span[MessageIdOffset] != Heartbeat.MsgId)
                _talksUntil = Now + TalkLasts;
            foreach (var copter in _fleet.Copters)
                copter.OnDatagram(datagram.Span);
        }

        var step = StepNow();
        Server.Time.Advance(step < end - Now ? step : end - Now);
        _fleet.Step(Now);
        foreach (var copter in _fleet.Copters)
        {
            copter.Drain(datagram =>
            {
                if (!IsSilent)
                    _line.TrySend(Down is { } change ? change(datagram.ToArray()).Span : datagram);
            });
        }
    }

    private TimeSpan StepNow()
    {
        if (!IsHurried || Now < _talksUntil)
            return SmallStep;
        if (Copters.All(copter => copter is { IsArmed: false, IsLanded: true }))
            return ParkedStep;
        return Copters.Any(copter => copter.IsArmed && copter.Height < NearTheGroundM) ? SmallStep : CruiseStep;
    }

    private async Task SettleAsync()
    {
        var (router, quiescence) = (Get<Gateway>().Router, Get<Quiescence>());
        await router.WhenIdleAsync();
        await quiescence.WhenIdleAsync();
        await router.WhenIdleAsync();
    }
}

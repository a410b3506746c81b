using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;
using Xunit;

namespace DroneOps.Tests.Vehicles;

/// <summary>A vehicle that speaks on two links by itself: each counts for itself, and one is slower.</summary>
public sealed class TwoLinkTests
{
    private readonly Vehicle _vehicle = new(new("test", 1), new VehicleOptions { ListenOnly = true }, new(255, 190));
    private readonly byte[] _buffer = new byte[MavlinkFrame.MaxLength];
    private readonly byte[] _sequences = new byte[3];
    private readonly List<VehicleFact> _facts = [];

    [Fact]
    public void What_the_slower_link_still_says_is_no_landing()
    {
        for (var ms = 0; ms < 4000; ms += 200)
        {
            Beat(1, ms);
            State(1, ms, ms >= 2000 ? MavLandedState.InAir : MavLandedState.OnGround);
            State(2, ms + 20, ms - 600 >= 2000 ? MavLandedState.InAir : MavLandedState.OnGround);
        }

        Assert.Equal(Bench.Start.AddMilliseconds(2000), Assert.Single(_facts.OfType<VehicleFact.TookOff>()).At);
        Assert.Empty(_facts.OfType<VehicleFact.Landed>());
    }

    [Fact]
    public void A_link_that_tells_a_change_first_leads_from_then_on_and_dates_it()
    {
        State(2, 0, MavLandedState.OnGround);
        for (var ms = 0; ms < 4000; ms += 200)
        {
            Beat(2, ms);
            State(2, ms, ms - 600 >= 2000 ? MavLandedState.InAir : MavLandedState.OnGround);
            State(1, ms + 20, ms >= 2000 ? MavLandedState.InAir : MavLandedState.OnGround);
        }

        Assert.Equal(Bench.Start.AddMilliseconds(2020), Assert.Single(_facts.OfType<VehicleFact.TookOff>()).Since);
        State(1, 4000, MavLandedState.OnGround);
        Assert.Equal(Bench.Start.AddMilliseconds(4000), Assert.Single(_facts.OfType<VehicleFact.Landed>()).Since);
    }

    [Fact]
    public void When_the_leading_link_is_silent_the_other_is_believed()
    {
        Beat(1, 0);
        State(1, 100, MavLandedState.OnGround);
        for (var ms = 200; ms < 3000; ms += 200)
            State(2, ms, ms >= 2000 ? MavLandedState.InAir : MavLandedState.OnGround);
        Assert.Single(_facts.OfType<VehicleFact.TookOff>());
    }

    [Fact]
    public void A_frame_that_was_overtaken_takes_nothing_back()
    {
        Beat(1, 0);
        State(1, 0, MavLandedState.OnGround);
        State(1, 200, MavLandedState.InAir);
        _sequences[1] -= 2;
        State(1, 300, MavLandedState.OnGround);
        Assert.Empty(_facts.OfType<VehicleFact.Landed>());
    }

    [Fact]
    public void A_reboot_is_seen_though_the_slower_link_lags()
    {
        Beat(1, 0);
        for (var ms = 0; ms < 3000; ms += 250)
            Place(1, ms, 90_000_000 + ms);
        for (var ms = 3000; ms < 6000; ms += 250)
        {
            Place(1, ms, ms - 2000);
            Place(2, ms + 100, ms - 2400);
        }

        Assert.Single(_facts.OfType<VehicleFact.Rebooted>());
    }

    private void Beat(int link, int ms) => Receive(link, ms, new Heartbeat { Type = MavType.Quadrotor, Autopilot = MavAutopilot.Ardupilotmega, BaseMode = MavModeFlag.SafetyArmed, SystemStatus = MavState.Active });

    private void State(int link, int ms, MavLandedState state) => Receive(link, ms, new ExtendedSysState { LandedState = state });

    private void Place(int link, int ms, int bootMs) => Receive(link, ms, new GlobalPositionInt { TimeBootMs = (uint)bootMs, Lat = 245_130_000, Lon = 1_176_550_000 });

    private void Receive<T>(int link, int ms, in T message)
        where T : unmanaged, IMavlinkMessage<T>
    {
        var length = FrameWriter.Write(_buffer, message, new(1, 1), _sequences[link]++);
        Assert.True(MavlinkFrame.TryParse(_buffer.AsSpan(0, length), MessageCatalog.Default, out var frame));
        _vehicle.OnMessage(frame, Bench.Start.AddMilliseconds(ms), link);
        while (_vehicle.TryTakeFact(out var fact))
            _facts.Add(fact);
    }
}

using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Tests.Fleet;

/// <summary>A vehicle is its hardware, under whatever address it comes, and whether the store takes that now or later.</summary>
public abstract class AddressTests(Store store)
{
    private byte _sequence;

    [Fact]
    public async Task Under_a_new_address_a_vehicle_is_shown_and_commanded_there_and_back_under_the_old_one_there()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        byte[] addresses = [21, 22, 23, 24, 25, 26, 21];
        foreach (var address in addresses)
        {
            rig.Down = _ => Frames(address, hardware: 9);
            await rig.UntilAsync(() => IsAt(rig, "2", address));
            for (var i = 0; i < 60; i++)
            {
                await rig.AdvanceAsync(TimeSpan.FromMilliseconds(100));
                Assert.True(IsAt(rig, "2", address));
                Assert.Equal(address, rig.Get<Gateway>().LoopOf("2")!.Key.SystemId);
            }
        }
    }

    [Fact]
    public async Task A_vehicle_whose_proof_the_store_does_not_take_is_commanded_and_proven_later()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        rig.Down = _ => Frames(21, hardware: 9);
        await rig.UntilAsync(() => IsAt(rig, "2", 21));
        await rig.UntilAsync(() => rig.Get<VehicleRegistry>().Find("2")!.HardwareId is not null);
        await rig.Server.RestartAsync();

        // Other hardware at the same address is another vehicle, and that is entered in the log first.
        rig.Server.IsAuditDiskFull = true;
        rig.Down = _ => Frames(21, hardware: 10);
        await rig.UntilAsync(() => rig.Board.Find("2")!.Snapshot.Identity?.HardwareId is not null);
        var hold = rig.Get<FleetCommands>().ExecuteAsync("2", new VehicleCommand.Hold(), new Commander("user:pilot", MayFly: true, AssignmentId: null), CancellationToken.None);
        await rig.UntilAsync(hold);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.True(IsAt(rig, "2", 21));
        Assert.Null(rig.Get<VehicleRegistry>().Find("3"));

        rig.Server.IsAuditDiskFull = false;
        await rig.UntilAsync(() => IsAt(rig, "3", 21));
    }

    [Fact]
    public async Task Other_hardware_that_takes_an_address_over_is_another_vehicle_without_a_restart_and_the_first_is_itself_again_when_it_is_back()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        rig.Down = _ => Frames(21, hardware: 9);
        await rig.UntilAsync(() => IsAt(rig, "2", 21));
        await rig.UntilAsync(() => rig.Get<VehicleRegistry>().Find("2")!.HardwareId is not null);
        Assert.NotNull(await rig.Get<IGrainFactory>().GetGrain<IVehicleGrain>("2").TakeControl("user:pilot"));

        rig.Down = _ => Frames(21, hardware: 10);
        await rig.UntilAsync(() => IsAt(rig, "3", 21));
        Assert.Equal((VehicleLinkState.NeverHeard, false), (rig.Board.Find("2")!.Snapshot.Link, rig.Board.Find("2")!.Snapshot.Readiness.IsReady));
        Assert.Null(rig.Get<Gateway>().LoopOf("2"));
        Assert.Null(rig.Board.Find("3")!.Control);

        rig.Down = _ => Frames(21, hardware: 9);
        await rig.UntilAsync(() => IsAt(rig, "2", 21));
        Assert.Equal(VehicleLinkState.NeverHeard, rig.Board.Find("3")!.Snapshot.Link);
        Assert.Null(rig.Get<VehicleRegistry>().Find("4"));
    }

    [Fact]
    public async Task Other_hardware_is_another_vehicle_once_the_flight_that_it_is_on_is_over()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        rig.Down = _ => Frames(21, hardware: 9);
        await rig.UntilAsync(() => IsAt(rig, "2", 21));
        await rig.UntilAsync(() => rig.Get<VehicleRegistry>().Find("2")!.HardwareId is not null);

        // It took off before anybody could know that it is another.
        rig.Down = _ => Frames(21, hardware: 10, isFlying: true);
        await rig.UntilAsync(() => rig.Board.Find("2")!.Snapshot is { InAir: true, IdentityConflict: true });
        await rig.UntilAsync(() => rig.Board.Find("2")!.Snapshot is { InAir: true, IdentityConflict: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.True(IsAt(rig, "2", 21));

        rig.Down = _ => Frames(21, hardware: 10);
        await rig.UntilAsync(() => IsAt(rig, "3", 21));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
        await using var db = await rig.Server.OpenDatabaseAsync();
        var sortie = await db.Set<SortieRecord>().AsNoTracking().SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("2", true), (sortie.VehicleId, sortie.IsClosed));
    }

    private static bool IsAt(FlightRig rig, string id, byte address) =>
        rig.Board.Find(id)?.Snapshot is { Link: VehicleLinkState.Up } snapshot && snapshot.Key.SystemId == address;

    /// <summary>A heartbeat, the hardware id of a vehicle under an address, and whether it flies.</summary>
    private ReadOnlyMemory<byte> Frames(byte address, byte hardware, bool isFlying = false)
    {
        var buffer = new byte[3 * MavlinkFrame.MaxLength];
        var (armed, landed) = isFlying ? (MavModeFlag.SafetyArmed, MavLandedState.InAir) : (default, MavLandedState.OnGround);
        var length = FrameWriter.Write(
            buffer, new Heartbeat { Type = MavType.Quadrotor, Autopilot = MavAutopilot.Ardupilotmega, BaseMode = armed, SystemStatus = MavState.Standby, MavlinkVersion = 3 }, new(address, 1), _sequence++);
        length += FrameWriter.Write(buffer.AsSpan(length), new ExtendedSysState { LandedState = landed }, new(address, 1), _sequence++);
        AutopilotVersion version = new() { FlightSwVersion = 0x04070000 };
        version.SetUid2([hardware, 2, 3]);
        length += FrameWriter.Write(buffer.AsSpan(length), version, new(address, 1), _sequence++);
        return buffer.AsMemory(0, length);
    }

    public sealed class OnSqlite() : AddressTests(Store.Sqlite);

    public sealed class OnPostgres() : AddressTests(Store.Postgres);
}

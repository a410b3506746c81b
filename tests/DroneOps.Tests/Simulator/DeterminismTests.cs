using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class DeterminismTests
{
    private static byte[] Fly(ulong seed, double stride)
    {
        var ground = new Ground(seed: seed);
        ground.Copter.DownFaults = new(Loss: 0.05, Duplicate: 0.05);
        Assert.True(ground.Copter.TrySetParameter("SIM_WIND_SPD", 5));
        Assert.True(ground.Copter.TrySetParameter("SIM_WIND_TURB", 1.5f));
        ground.SendsHeartbeats = false;
        ground.Run(4);
        ground.Send(Command(MavCmd.SetMessageInterval, GlobalPositionInt.MsgId, 250_000));
        ground.Send(Command(MavCmd.SetMessageInterval, Attitude.MsgId, 100_000));
        ground.Send(Command(MavCmd.DoSetMode, 1, (float)(uint)CopterMode.Guided));
        ground.Send(Command(MavCmd.ComponentArmDisarm, 1, 0));
        var takeoff = Command(MavCmd.NavTakeoff, 0, 0);
        takeoff.Param7 = 12;
        ground.Send(takeoff);
        for (var left = 60.0; left > 1e-6; left -= stride)
            ground.Run(stride);
        Assert.InRange(ground.Copter.Height, 11, 13);
        return ground.Bytes.ToArray();
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes() => Assert.Equal(Fly(7, 1), Fly(7, 1));

    [Fact]
    public void The_size_of_the_steps_does_not_matter() => Assert.Equal(Fly(7, 1), Fly(7, 0.05));

    [Fact]
    public void Another_seed_gives_other_bytes() => Assert.NotEqual(Fly(7, 1), Fly(8, 1));

    private static CommandLong Command(MavCmd command, float p1, float p2) => new() { Command = command, TargetSystem = 1, Param1 = p1, Param2 = p2 };
}

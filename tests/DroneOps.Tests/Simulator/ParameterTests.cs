using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class ParameterTests
{
    [Fact]
    public void The_list_is_complete_and_fast()
    {
        var ground = Ground.Ready();
        ground.Send(new ParamRequestList { TargetSystem = 1, TargetComponent = 1 });
        ground.Run(0.5);

        var values = ground.All<ParamValue>().ToArray();
        Assert.Equal(Enumerable.Range(0, values[0].ParamCount).Select(i => (ushort)i), values.Select(v => v.ParamIndex));
        Assert.Equal(values.Length, values.Select(v => v.ParamId).Distinct().Count());
        Assert.Contains("Frame: QUAD/PLUS", ground.Texts);
    }

    [Theory]
    [InlineData("RTL_ALT", 1500)]
    [InlineData("WPNAV_SPEED", 1000)]
    [InlineData("WPNAV_ACCEL", 250)]
    [InlineData("FS_GCS_ENABLE", 0)]
    [InlineData("MAV_GCS_SYSID", 255)]
    [InlineData("MAV1_EXT_STAT", 0)]
    public void Defaults_are_those_of_a_real_copter(string name, float value)
    {
        var ground = Ground.Ready();
        ground.Send(new ParamRequestRead { TargetSystem = 1, TargetComponent = 1, ParamIndex = -1, ParamId = name });

        Assert.Equal((name, value), (ground.Last<ParamValue>().ParamId, ground.Last<ParamValue>().ParamValueValue));
    }

    [Theory]
    [InlineData("SYSID_THISMAV")]
    [InlineData("SR0_EXT_STAT")]
    public void An_unknown_name_is_never_answered(string name)
    {
        var ground = Ground.Ready();
        ground.Log.Clear();
        ground.Send(new ParamRequestRead { TargetSystem = 1, ParamIndex = -1, ParamId = name });
        ground.Send(new ParamSet { TargetSystem = 1, ParamId = name, ParamValue = 1 });

        Assert.Empty(ground.Log);
    }

    [Fact]
    public void A_value_is_echoed_as_stored_out_of_range_or_saturated()
    {
        var ground = Ground.Ready();
        ground.SetParameter("WPNAV_SPEED", 999_999);
        Assert.Equal(999_999, ground.Last<ParamValue>().ParamValueValue);
        ground.SetParameter("FENCE_ACTION", 300);
        Assert.Equal((127f, MavParamType.Int8, ushort.MaxValue), Echo(ground));
        ground.SetParameter("BATT_LOW_VOLT", 11.3f);
        Assert.Equal(11.300000190734863, ground.Last<ParamValue>().ParamValueValue);
    }

    [Fact]
    public void Setting_the_present_value_is_echoed_as_a_float()
    {
        var ground = Ground.Ready();
        ground.SetParameter("FENCE_ACTION", 1);

        Assert.Equal((1f, MavParamType.Real32, ushort.MaxValue), Echo(ground));
    }

    private static (float Value, MavParamType Type, ushort Index) Echo(Ground ground)
    {
        var echo = ground.Last<ParamValue>();
        return (echo.ParamValueValue, echo.ParamType, echo.ParamIndex);
    }
}

using DroneOps.Server.Fleet;
using DroneOps.Vehicles;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Dispatch;

/// <summary>The wind that is reckoned to blow against a drone on its way home.</summary>
/// <remarks>It is the strongest of what is always reckoned with, what the drone itself feels and what blows over the city, and it blows against the drone
/// whatever its direction is now: a wind turns while a drone stands at a scene for half an hour, and the way home is flown at its end.</remarks>
internal sealed class ReturnWind(FleetWind wind, IOptions<DispatchOptions> options)
{
    /// <summary>Metres per second against a drone.</summary>
    public double AgainstMps(VehicleSnapshot drone)
    {
        var felt = drone is { InAir: true, Wind: { IsStale: false, Value: var own } } ? double.Hypot(own.EastMps, own.NorthMps) : 0;
        return Math.Max(options.Value.HeadwindMps, Math.Max(felt, wind.Now.Wind.SpeedMps));
    }
}

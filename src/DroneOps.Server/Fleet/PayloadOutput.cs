using System.Globalization;
using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>One output of a vehicle that carries something.</summary>
/// <param name="Vehicle">Call sign, id or <c>*</c>.</param>
/// <param name="Name">What it carries.</param>
/// <param name="Number">The relay's or the servo output's number.</param>
/// <param name="OnUs">The servo's pulse when on; null for a relay.</param>
/// <param name="OffUs">The servo's pulse when off.</param>
internal sealed record PayloadOutput(string Vehicle, string Name, int Number, int? OnUs, int? OffUs)
{
    private const int MostRelays = 16;
    private const int MostServos = 32;

    /// <summary>Reads one; null when it is none.</summary>
    public static PayloadOutput? Parse(string text) => text.Split('|', StringSplitOptions.TrimEntries) switch
    {
        [{ Length: > 0 } vehicle, var name, "relay", var relay] when IsName(name) && Read(relay, 0, MostRelays - 1) is { } number => new(vehicle, name, number, null, null),
        [{ Length: > 0 } vehicle, var name, "servo", var servo, var on, var off]
            when IsName(name) && Read(servo, 1, MostServos) is { } number && Read(on, 500, 2500) is { } onUs && Read(off, 500, 2500) is { } offUs => new(vehicle, name, number, onUs, offUs),
        _ => null,
    };

    /// <summary>Whether a vehicle has it.</summary>
    public bool IsOf(FleetVehicle vehicle) => Vehicle == "*" || Vehicle == vehicle.Id || string.Equals(Vehicle, vehicle.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The command that switches it.</summary>
    public VehicleCommand Switch(bool on) => OnUs is { } onUs && OffUs is { } offUs ? new VehicleCommand.SetServo(Number, on ? onUs : offUs) : new VehicleCommand.SetRelay(Number, on);

    private static bool IsName(string name) => name is "light" or "loudspeaker" || (name.StartsWith("loudspeaker/", StringComparison.Ordinal) && name.Length is > 12 and < 64);

    private static int? Read(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}

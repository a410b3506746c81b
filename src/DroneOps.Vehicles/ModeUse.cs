namespace DroneOps.Vehicles;

/// <summary>What a mode is to whoever tells the vehicle where to be.</summary>
public enum ModeUse
{
    /// <summary>The vehicle goes by a mission, a transmitter or its autopilot.</summary>
    Other,

    /// <summary>It goes where it is told and stays there, as after a <see cref="VehicleCommand.GoTo"/>.</summary>
    Guided,

    /// <summary>It stays where it was stopped, as after a <see cref="VehicleCommand.Hold"/>.</summary>
    Held,
}

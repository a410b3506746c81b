namespace DroneOps.Vehicles.Autopilots;

/// <summary>An autopilot of which nothing special is known: only commands of the common message set, no mode names.</summary>
internal sealed class Generic : Autopilot
{
    public static readonly Generic Instance = new(isArduPilot: false);

    /// <summary>An ArduPilot on something that does not fly: its plans still have home as item 0.</summary>
    public static readonly Generic ArduPilot = new(isArduPilot: true);

    private Generic(bool isArduPilot)
    {
        IsArduPilot = isArduPilot;
    }

    public override bool HomeIsItemZero => IsArduPilot;

    public override bool IsArduPilot { get; }

    protected override ModeTable? Modes => null;
}

namespace DroneOps.Vehicles.Autopilots;

/// <summary>PX4. Its custom_mode carries a main mode in bits 16..23 and, for AUTO, a sub mode in bits 24..31.</summary>
internal sealed class Px4 : Autopilot
{
    public static readonly Px4 Instance = new();

    private const uint Auto = 4;

    private static readonly ModeTable Table = new(
        (Number(1), "MANUAL"), (Number(2), "ALTCTL"), (Number(3), "POSCTL"), (Number(5), "ACRO"), (Number(6), "OFFBOARD"),
        (Number(7), "STABILIZED"), (Number(8), "RATTITUDE"), (Number(10), "TERMINATION"), (Number(3, 1), "ORBIT"),
        (Number(Auto, 1), "AUTO.READY"), (Number(Auto, 2), "AUTO.TAKEOFF"), (Number(Auto, 3), "AUTO.LOITER"),
        (Number(Auto, 4), "AUTO.MISSION"), (Number(Auto, 5), "AUTO.RTL"), (Number(Auto, 6), "AUTO.LAND"),
        (Number(Auto, 8), "AUTO.FOLLOW_TARGET"), (Number(Auto, 9), "AUTO.PRECLAND"), (Number(Auto, 10), "AUTO.VTOL_TAKEOFF"));

    public override bool TellsEstimator => true;

    protected override ModeTable Modes => Table;

    private static uint Number(uint main, uint sub = 0) => (main << 16) | (sub << 24);
}

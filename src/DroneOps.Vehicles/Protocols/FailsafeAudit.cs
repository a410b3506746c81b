using DroneOps.Vehicles.Autopilots;

namespace DroneOps.Vehicles.Protocols;

/// <summary>Judges the parameters that decide what a vehicle does when its link, its battery or its fence fails. On both common stacks the
/// reaction to a lost ground station is off as delivered, so it has to be looked at before every flight.</summary>
internal static class FailsafeAudit
{
    private const double LongestGcsTimeoutS = 30;
    private const double LowestReturnM = 10;
    private const double CmPerM = 100;

    // Of two names for the same thing the first is that of ArduPilot 4.7, the second an older one: the vehicle answers for one of them.
    private static readonly string[] GcsId = ["MAV_GCS_SYSID", "SYSID_MYGCS"];
    private static readonly string[] ReturnHeight = ["RTL_ALT_M", "RTL_ALT"];

    /// <summary>ArduPilot's serial number of the pack, -1 where it has none. Read along with the rest: a pack is changed with the power off, and
    /// after that everything is read again.</summary>
    public const string BatterySerial = "BATT_SERIAL_NUM";

    /// <summary>Charge of the full pack, mAh: ArduPilot's, PX4's. Not failsafes either, and read along for the same reason.</summary>
    public static readonly string[] BatteryCapacity = ["BATT_CAPACITY", "BAT1_CAPACITY"];

    /// <summary>PX4's number of cells in series; ArduPilot has none.</summary>
    public const string BatteryCells = "BAT1_N_CELLS";

    private static readonly string[] CopterNames =
    [
        "FS_GCS_ENABLE", "FS_GCS_TIMEOUT", .. GcsId, "BATT_FS_LOW_ACT", "BATT_FS_CRT_ACT", "BATT_LOW_VOLT", "BATT_LOW_MAH",
        "FENCE_ENABLE", "FENCE_ACTION", .. ReturnHeight, BatterySerial, BatteryCapacity[0],
    ];

    private static readonly string[] PlaneNames =
    [
        "FS_LONG_ACTN", "FS_GCS_ENABL", "FS_LONG_TIMEOUT", .. GcsId, "BATT_FS_LOW_ACT", "BATT_FS_CRT_ACT", "BATT_LOW_VOLT", "BATT_LOW_MAH",
        "FENCE_ENABLE", "FENCE_ACTION", BatterySerial, BatteryCapacity[0],
    ];

    private static readonly string[] Px4Names =
        ["NAV_DLL_ACT", "COM_DL_LOSS_T", "COM_LOW_BAT_ACT", "BAT_LOW_THR", "GF_ACTION", "RTL_RETURN_ALT", BatteryCapacity[1], BatteryCells];

    public static IReadOnlyList<string> ParametersOf(Autopilot autopilot) => autopilot switch
    {
        ArduCopter => CopterNames,
        ArduPlane => PlaneNames,
        Px4 => Px4Names,
        _ => [],
    };

    public static FailsafeReport Judge(
        Autopilot autopilot, IReadOnlyDictionary<string, ParameterValue?> read, byte ownSystemId, bool mustBeOn, DateTimeOffset at)
    {
        // What is not a number says no more than what was not answered.
        var values = read.Where(v => v.Value is { } known && double.IsFinite(known.Value)).ToDictionary(v => v.Key, v => v.Value!.Value.Value, StringComparer.Ordinal);
        var findings = new Findings(values, mustBeOn);
        switch (autopilot)
        {
            case ArduCopter:
                JudgeArduPilot(findings, ownSystemId);
                findings.Is(FailsafeFinding.GcsLossIgnored, "FS_GCS_ENABLE", v => v == 0, blocks: true);
                findings.Is(FailsafeFinding.GcsLossTimeoutLong, "FS_GCS_TIMEOUT", v => v > LongestGcsTimeoutS);
                // RTL_ALT counts centimetres, its successor metres; 0 means "as high as it is".
                if (values.ContainsKey(ReturnHeight[0]))
                    findings.Is(FailsafeFinding.ReturnHeightLow, ReturnHeight[0], v => v < LowestReturnM);
                else
                    findings.Is(FailsafeFinding.ReturnHeightLow, ReturnHeight[1], v => v / CmPerM < LowestReturnM);
                break;
            case ArduPlane:
                JudgeArduPilot(findings, ownSystemId);
                findings.Is(FailsafeFinding.GcsLossIgnored, "FS_GCS_ENABL", v => v == 0, blocks: true);
                findings.Is(FailsafeFinding.GcsLossIgnored, "FS_LONG_ACTN", v => v == 0);
                findings.Is(FailsafeFinding.GcsLossTimeoutLong, "FS_LONG_TIMEOUT", v => v > LongestGcsTimeoutS);
                break;
            case Px4:
                findings.Is(FailsafeFinding.GcsLossIgnored, "NAV_DLL_ACT", v => v == 0, blocks: true);
                findings.Is(FailsafeFinding.GcsLossTimeoutLong, "COM_DL_LOSS_T", v => v > LongestGcsTimeoutS);
                findings.Is(FailsafeFinding.LowBatteryIgnored, "COM_LOW_BAT_ACT", v => v == 0, blocks: true);
                findings.Is(FailsafeFinding.LowBatteryLevelUnset, "BAT_LOW_THR", v => v <= 0);
                findings.Is(FailsafeFinding.FenceBreachIgnored, "GF_ACTION", v => v is 0 or 1);
                findings.Is(FailsafeFinding.ReturnHeightLow, "RTL_RETURN_ALT", v => v < LowestReturnM);
                break;
        }

        return new(at, findings.Issues, values);
    }

    private static void JudgeArduPilot(Findings findings, byte ownSystemId)
    {
        var gcs = findings.Values.ContainsKey(GcsId[0]) ? GcsId[0] : GcsId[1];
        // Only heartbeats of this id hold the failsafe off; with another one the vehicle would turn back in mid-flight, or never.
        findings.Is(FailsafeFinding.GcsOfAnotherId, gcs, v => v != ownSystemId, blocks: true);
        findings.Is(FailsafeFinding.LowBatteryIgnored, "BATT_FS_LOW_ACT", v => v == 0, blocks: true);
        findings.Is(FailsafeFinding.CriticalBatteryIgnored, "BATT_FS_CRT_ACT", v => v == 0);
        if (findings.Values.GetValueOrDefault("BATT_LOW_MAH") <= 0)
            findings.Is(FailsafeFinding.LowBatteryLevelUnset, "BATT_LOW_VOLT", v => v <= 0);
        findings.Is(FailsafeFinding.FenceOff, "FENCE_ENABLE", v => v == 0);
        findings.Is(FailsafeFinding.FenceBreachIgnored, "FENCE_ACTION", v => v == 0);
    }

    private sealed class Findings(Dictionary<string, double> values, bool mustBeOn)
    {
        public Dictionary<string, double> Values { get; } = values;

        public List<FailsafeIssue> Issues { get; } = [];

        public void Is(FailsafeFinding finding, string parameter, Func<double, bool> wrong, bool blocks = false)
        {
            if (!Values.TryGetValue(parameter, out var value))
                Issues.Add(new(FailsafeFinding.NotRead, Blocks: false, parameter, Value: null));
            else if (wrong(value))
                Issues.Add(new(finding, blocks && mustBeOn, parameter, value));
        }
    }
}

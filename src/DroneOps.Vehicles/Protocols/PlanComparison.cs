using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>Whether what was read back is what was uploaded. A round trip through an autopilot is not bit-identical: frames change to their
/// older twins, items without a position lose their frame, heights are rounded to centimetres and parameters that the autopilot does
/// not keep come back as zero. Anything else is a difference.</summary>
internal static class PlanComparison
{
    private const float HeightToleranceM = 0.06f;
    private const double RelativeTolerance = 1e-4;

    /// <summary>Compares two plans of the same kind.</summary>
    /// <param name="kind">Which plan.</param>
    /// <param name="wanted">As uploaded.</param>
    /// <param name="found">As read back.</param>
    /// <param name="homeFirst">Item 0 is home, which the autopilot replaces.</param>
    /// <returns>The number of the first item that differs, or -1.</returns>
    public static int FirstDifference(
        PlanKind kind, IReadOnlyList<MissionItemInt> wanted, IReadOnlyList<MissionItemInt> found, bool homeFirst)
    {
        for (var i = homeFirst ? 1 : 0; i < Math.Min(wanted.Count, found.Count); i++)
        {
            if (!Same(kind, wanted[i], found[i]))
                return i;
        }

        // A cleared mission is read back as nothing, or as home alone.
        var bothEmpty = homeFirst && wanted.Count <= 1 && found.Count <= 1;
        return wanted.Count == found.Count || bothEmpty ? -1 : Math.Min(wanted.Count, found.Count);
    }

    private static bool Same(PlanKind kind, in MissionItemInt wanted, in MissionItemInt found)
    {
        if (wanted.Command != found.Command
            || !SameParameter(wanted.Param1, found.Param1)
            || !SameParameter(wanted.Param2, found.Param2)
            || !SameParameter(wanted.Param3, found.Param3)
            || !SameParameter(wanted.Param4, found.Param4))
            return false;
        if (!HasPosition(wanted.Command))
            return true;
        if (Math.Abs((long)wanted.X - found.X) > 1 || Math.Abs((long)wanted.Y - found.Y) > 1)
            return false;
        // Fence items have no height of their own, and come back in frame 0.
        return kind == PlanKind.Fence
            || (Twin(wanted.Frame) == Twin(found.Frame) && Math.Abs(wanted.Z - found.Z) <= HeightToleranceM);
    }

    /// <summary>Equal, rounded, or not kept. NaN means "as the autopilot likes" and comes back as anything it likes.</summary>
    private static bool SameParameter(float wanted, float found)
    {
        if (float.IsNaN(wanted) || found == 0)
            return true;
        return Math.Abs(wanted - found) <= RelativeTolerance * Math.Max(1, Math.Abs(wanted))
            || found == MathF.Round(wanted)
            || found == MathF.Truncate(wanted);
    }

    private static MavFrame Twin(MavFrame frame) => frame switch
    {
        MavFrame.GlobalInt => MavFrame.Global,
        MavFrame.GlobalRelativeAltInt => MavFrame.GlobalRelativeAlt,
        MavFrame.GlobalTerrainAltInt => MavFrame.GlobalTerrainAlt,
        _ => frame,
    };

    private static bool HasPosition(MavCmd command) => command is MavCmd.NavWaypoint or MavCmd.NavLoiterUnlim or MavCmd.NavLoiterTurns
        or MavCmd.NavLoiterTime or MavCmd.NavLand or MavCmd.NavTakeoff or MavCmd.NavLoiterToAlt or MavCmd.NavSplineWaypoint
        or MavCmd.NavVtolTakeoff or MavCmd.NavVtolLand or MavCmd.NavPayloadPlace or MavCmd.NavArcWaypoint or MavCmd.DoOrbit
        or MavCmd.DoSetHome or MavCmd.DoLandStart or MavCmd.DoSetRoiLocation or MavCmd.DoSetRoi or MavCmd.NavRoi
        or MavCmd.NavFenceReturnPoint or MavCmd.NavFencePolygonVertexInclusion or MavCmd.NavFencePolygonVertexExclusion
        or MavCmd.NavFenceCircleInclusion or MavCmd.NavFenceCircleExclusion or MavCmd.NavRallyPoint;
}

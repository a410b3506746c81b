using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Autopilot;

namespace DroneOps.Simulator.Protocols;

/// <summary>What the autopilot makes of an item: it is stored in fewer forms than it may arrive in, so a round trip is not bit-identical.</summary>
internal sealed partial class PlanTransfers
{
    private static readonly HashSet<MavCmd> MissionCommands =
    [
        MavCmd.NavWaypoint, MavCmd.NavSplineWaypoint, MavCmd.NavLoiterUnlim, MavCmd.NavLoiterTurns, MavCmd.NavLoiterTime,
        MavCmd.NavReturnToLaunch, MavCmd.NavLand, MavCmd.NavTakeoff, MavCmd.NavDelay, MavCmd.NavLoiterToAlt, MavCmd.ConditionDelay,
        MavCmd.ConditionDistance, MavCmd.ConditionYaw, MavCmd.DoJump, MavCmd.DoChangeSpeed, MavCmd.DoSetHome, MavCmd.DoSetRelay,
        MavCmd.DoSetServo, MavCmd.DoLandStart, MavCmd.DoSetRoi, MavCmd.DoSetRoiLocation, MavCmd.DoSetRoiNone, MavCmd.DoDigicamConfigure,
        MavCmd.DoDigicamControl, MavCmd.DoMountControl, MavCmd.DoSetCamTriggDist, MavCmd.DoFenceEnable, MavCmd.DoGripper,
        MavCmd.DoGimbalManagerPitchyaw, MavCmd.ImageStartCapture, MavCmd.ImageStopCapture, MavCmd.VideoStartCapture, MavCmd.VideoStopCapture,
        MavCmd.SetCameraZoom, MavCmd.SetCameraFocus,
    ];

    public void OnRequestList(in MissionRequestList message, MavlinkAddress sender)
    {
        if (!IsSupported(message.MissionType))
        {
            Acknowledge(sender, message.MissionType, MavMissionResult.Unsupported);
            return;
        }

        if (_isReceiving)
        {
            Acknowledge(sender, message.MissionType, MavMissionResult.Denied);
            return;
        }

        SendCount(sender, message.MissionType);
    }

    public void OnRequestItem(int seq, MavMissionType type, MavlinkAddress sender, bool wantsInt)
    {
        if (!IsSupported(type))
        {
            Acknowledge(sender, type, MavMissionResult.Unsupported);
            return;
        }

        if (!wantsInt && !_warnedAboutRequest)
        {
            _warnedAboutRequest = true;
            downlink.Text(MavSeverity.Warning, "got MISSION_REQUEST; use MISSION_REQUEST_INT!");
        }

        if (seq >= CountOf(type))
        {
            // A request past the end is answered with the true size, then with a refusal.
            SendCount(sender, type);
            Acknowledge(sender, type, MavMissionResult.InvalidSequence);
            return;
        }

        var item = seq == 0 && type == MavMissionType.Mission ? HomeItem() : copter.Plans.Of(type)[seq];
        if (wantsInt)
            SendItemInt(seq, type, sender, item);
        else
            SendItem(seq, type, sender, item);
    }

    /// <summary>A mission is as long as its storage, and never shorter than home once home is known; a cleared one is empty
    /// until something is stored again.</summary>
    private int CountOf(MavMissionType type) => copter.Plans.Of(type).Count;

    private void SendCount(MavlinkAddress to, MavMissionType type) => downlink.Send(new MissionCount
    {
        TargetSystem = to.SystemId,
        TargetComponent = to.ComponentId,
        Count = (ushort)CountOf(type),
        MissionType = type,
    });

    private PlanItem HomeItem() => new(
        MavCmd.NavWaypoint, MavFrame.Global, 0, 0, 0, 0, copter.HomePoint.LatitudeE7, copter.HomePoint.LongitudeE7, (float)copter.HomeAmsl, 1);

    private void SendItemInt(int seq, MavMissionType type, MavlinkAddress to, in PlanItem item) => downlink.Send(new MissionItemInt
    {
        TargetSystem = to.SystemId,
        TargetComponent = to.ComponentId,
        Seq = (ushort)seq,
        MissionType = type,
        Command = item.Command,
        Frame = item.Frame,
        Autocontinue = item.AutoContinue,
        Param1 = item.Param1,
        Param2 = item.Param2,
        Param3 = item.Param3,
        Param4 = item.Param4,
        X = item.LatitudeE7,
        Y = item.LongitudeE7,
        Z = item.Altitude,
    });

    private void SendItem(int seq, MavMissionType type, MavlinkAddress to, in PlanItem item) => downlink.Send(new MissionItem
    {
        TargetSystem = to.SystemId,
        TargetComponent = to.ComponentId,
        Seq = (ushort)seq,
        MissionType = type,
        Command = item.Command,
        Frame = item.Frame,
        Autocontinue = item.AutoContinue,
        Param1 = item.Param1,
        Param2 = item.Param2,
        Param3 = item.Param3,
        Param4 = item.Param4,
        X = (float)(item.LatitudeE7 / 1e7),
        Y = (float)(item.LongitudeE7 / 1e7),
        Z = item.Altitude,
    });

    private MavMissionResult Convert(in MissionItemInt item, out PlanItem stored)
    {
        stored = default;
        if (_type == MavMissionType.Mission && item.Seq == 0)
        {
            stored = HomeItem();
            return MavMissionResult.Accepted;
        }

        var isKnown = _type switch
        {
            MavMissionType.Fence => item.Command is >= MavCmd.NavFenceReturnPoint and <= MavCmd.NavFenceCircleExclusion,
            MavMissionType.Rally => item.Command == MavCmd.NavRallyPoint,
            _ => MissionCommands.Contains(item.Command),
        };
        if (!isKnown)
            return MavMissionResult.Unsupported;
        MavFrame? frame = item.Frame switch
        {
            MavFrame.Global or MavFrame.GlobalInt => MavFrame.Global,
            MavFrame.GlobalRelativeAlt or MavFrame.GlobalRelativeAltInt => MavFrame.GlobalRelativeAlt,
            MavFrame.GlobalTerrainAlt or MavFrame.GlobalTerrainAltInt => MavFrame.GlobalTerrainAlt,
            MavFrame.Mission => MavFrame.Global,
            _ => null,
        };
        var takesPlace = new PlanItem { Command = item.Command }.TakesPlace;
        if (frame is null && takesPlace)
            return MavMissionResult.UnsupportedFrame;
        if (takesPlace && Math.Abs((long)item.X) > 900_000_000)
            return MavMissionResult.InvalidParam5X;
        if (takesPlace && Math.Abs((long)item.Y) > 1_800_000_000)
            return MavMissionResult.InvalidParam6Y;

        var isFence = _type == MavMissionType.Fence;
        var keepsFrame = takesPlace && !isFence;
        stored = new(
            item.Command,
            keepsFrame ? frame ?? MavFrame.Global : MavFrame.Global,
            Finite(item.Param1),
            Finite(item.Param2),
            Finite(item.Param3),
            Finite(item.Param4),
            takesPlace ? item.X : 0,
            takesPlace ? item.Y : 0,
            isFence ? 0 : Finite(item.Z),
            _type == MavMissionType.Mission ? (byte)1 : (byte)0);
        return MavMissionResult.Accepted;
    }

    private static float Finite(float value) => float.IsFinite(value) ? value : 0;

    private (MavSeverity Severity, string Text)? ValidateFence()
    {
        var items = copter.Plans.Fence;
        for (var i = 0; i < items.Count;)
        {
            var item = items[i];
            switch (item.Command)
            {
                case MavCmd.NavFencePolygonVertexInclusion or MavCmd.NavFencePolygonVertexExclusion:
                    var count = (int)item.Param1;
                    if (count < 3)
                        return (MavSeverity.Warning, $"Invalid vertex count ({count})");
                    for (var k = 0; k < count; k++)
                    {
                        if (i + k >= items.Count || items[i + k].Command != item.Command || (int)items[i + k].Param1 != count)
                            return (MavSeverity.Info, "Incorrect item count");
                    }

                    i += count;
                    break;

                case MavCmd.NavFenceCircleInclusion or MavCmd.NavFenceCircleExclusion when item.Param1 <= 0:
                    return (MavSeverity.Warning, "Non-positive circle radius");

                default:
                    i++;
                    break;
            }
        }

        return null;
    }
}

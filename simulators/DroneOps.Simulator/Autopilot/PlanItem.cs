using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Simulator.Autopilot;

/// <summary>One stored item of a mission, fence or rally plan.</summary>
/// <param name="Command">What it is.</param>
/// <param name="Frame">What <paramref name="Altitude"/> is measured from.</param>
/// <param name="Param1">First parameter.</param>
/// <param name="Param2">Second parameter.</param>
/// <param name="Param3">Third parameter.</param>
/// <param name="Param4">Fourth parameter.</param>
/// <param name="LatitudeE7">Latitude, 1e-7 degree.</param>
/// <param name="LongitudeE7">Longitude, 1e-7 degree.</param>
/// <param name="Altitude">Metres.</param>
/// <param name="AutoContinue">As uploaded.</param>
internal readonly record struct PlanItem(
    MavCmd Command,
    MavFrame Frame,
    float Param1,
    float Param2,
    float Param3,
    float Param4,
    int LatitudeE7,
    int LongitudeE7,
    float Altitude,
    byte AutoContinue)
{
    /// <summary>Whether the item carries a place of its own; zero coordinates mean "here" (mission commands of ArduPilot).</summary>
    public bool HasPlace => LatitudeE7 != 0 || LongitudeE7 != 0;

    public GeoPoint Place => GeoPoint.FromE7(LatitudeE7, LongitudeE7);

    public bool IsOnTerrain => Frame is MavFrame.GlobalTerrainAlt;

    /// <summary>Commands that take the vehicle somewhere or hold it, and so occupy the mission until they are done.</summary>
    public bool IsNavigation => Command is MavCmd.NavWaypoint or MavCmd.NavLoiterUnlim or MavCmd.NavLoiterTurns or MavCmd.NavLoiterTime
        or MavCmd.NavReturnToLaunch or MavCmd.NavLand or MavCmd.NavTakeoff or MavCmd.NavSplineWaypoint or MavCmd.NavDelay
        or MavCmd.NavLoiterToAlt;

    /// <summary>Commands whose x and y are coordinates.</summary>
    public bool TakesPlace => Command is MavCmd.NavWaypoint or MavCmd.NavLoiterUnlim or MavCmd.NavLoiterTurns or MavCmd.NavLoiterTime
        or MavCmd.NavLand or MavCmd.NavTakeoff or MavCmd.NavSplineWaypoint or MavCmd.NavLoiterToAlt or MavCmd.DoSetHome or MavCmd.DoSetRoi
        or MavCmd.DoSetRoiLocation or MavCmd.NavFencePolygonVertexInclusion or MavCmd.NavFencePolygonVertexExclusion
        or MavCmd.NavFenceCircleInclusion or MavCmd.NavFenceCircleExclusion or MavCmd.NavFenceReturnPoint or MavCmd.NavRallyPoint;

    /// <summary>The name ArduPilot prints in "Mission: 2 WP".</summary>
    public string Name => Command switch
    {
        MavCmd.NavWaypoint => "WP",
        MavCmd.NavSplineWaypoint => "SplineWP",
        MavCmd.NavTakeoff => "Takeoff",
        MavCmd.NavReturnToLaunch => "RTL",
        MavCmd.NavLand => "Land",
        MavCmd.NavLoiterUnlim => "LoitUnlim",
        MavCmd.NavLoiterTime => "LoitTime",
        MavCmd.NavLoiterTurns => "LoitTurns",
        MavCmd.NavLoiterToAlt => "LoiterToAlt",
        MavCmd.NavDelay => "Delay",
        MavCmd.ConditionDelay => "CondDelay",
        MavCmd.ConditionDistance => "CondDist",
        MavCmd.ConditionYaw => "CondYaw",
        MavCmd.DoChangeSpeed => "SetSpeed",
        MavCmd.DoSetHome => "SetHome",
        MavCmd.DoJump => "Jump",
        MavCmd.DoSetRoi or MavCmd.DoSetRoiLocation or MavCmd.DoSetRoiNone => "SetROI",
        MavCmd.DoDigicamControl => "DigiCamCtrl",
        MavCmd.DoDigicamConfigure => "DigiCamCfg",
        MavCmd.DoSetCamTriggDist => "SetCamTrigDst",
        MavCmd.DoMountControl => "MountControl",
        MavCmd.DoGimbalManagerPitchyaw => "PitchYaw",
        MavCmd.ImageStartCapture => "ImgStart",
        MavCmd.ImageStopCapture => "ImgStop",
        MavCmd.VideoStartCapture => "VidStart",
        MavCmd.VideoStopCapture => "VidStop",
        MavCmd.DoSetServo => "SetServo",
        MavCmd.DoSetRelay => "SetRelay",
        MavCmd.DoFenceEnable => "FenceEnable",
        MavCmd.DoLandStart => "DoLandStart",
        _ => "?",
    };
}

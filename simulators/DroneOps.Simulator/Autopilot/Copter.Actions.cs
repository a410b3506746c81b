using DroneOps.Mavlink.Messages;

namespace DroneOps.Simulator.Autopilot;

/// <summary>Mission items that are done on the way: speed, heading, camera, and the conditions that hold them back.</summary>
internal sealed partial class Copter
{
    private double? _yawHold;

    /// <summary>Frames that the camera took since boot.</summary>
    public int CameraImages { get; private set; }

    public void TakePicture() => CameraImages++;

    /// <summary>Points the nose, and the camera where there is one, at a place, or frees them.</summary>
    public void SetRegionOfInterest(Airframe.Ned? place)
    {
        _roi = place;
        _yawHold = null;
    }

    /// <summary>DO_GIMBAL_MANAGER_PITCHYAW: angles where they are numbers, else rates.</summary>
    public void PointCamera(float pitch, float yaw, float pitchRate, float yawRate, GimbalManagerFlags flags)
    {
        if (Camera is not { Gimbal: { } gimbal })
            return;
        _roi = null;
        var isLocked = (flags & GimbalManagerFlags.YawLock) != 0;
        if ((flags & (GimbalManagerFlags.Neutral | GimbalManagerFlags.Retract)) != 0)
            gimbal.Centre();
        else if (float.IsFinite(pitch) || float.IsFinite(yaw))
            gimbal.TurnTo(pitch, yaw, isLocked);
        else
            gimbal.Turn(pitchRate, yawRate, isLocked, Airframe.Heading * 180 / Math.PI);
    }

    /// <summary>SET_CAMERA_ZOOM.</summary>
    public void ZoomCamera(CameraZoomType type, float value)
    {
        if (Camera is not { Gimbal: { } gimbal } || !float.IsFinite(value))
            return;
        switch (type)
        {
            case CameraZoomType.Step:
                gimbal.ZoomBy(Math.Clamp(value, -20, 20));
                break;
            case CameraZoomType.Range:
                gimbal.ZoomTo(value);
                break;
            case CameraZoomType.HorizontalFov:
                gimbal.Zoom(value);
                break;
        }
    }

    private void RunActions(int from, int to)
    {
        _actionIndex = from;
        _actionEnd = to;
        _actionNotBefore = 0;
        _actionWithin = double.MaxValue;
        _yawHold = null;
        StepActions();
    }

    private void StepActions()
    {
        while (_actionIndex < _actionEnd && _actionIndex < Plans.Mission.Count)
        {
            if (Time < _actionNotBefore)
                return;
            if (_actionWithin < double.MaxValue && Target is { } target && (target - Airframe.Position).Horizontal > _actionWithin)
                return;
            _actionWithin = double.MaxValue;
            var item = Plans.Mission[_actionIndex];
            if (item.Command != MavCmd.DoJump)
                _downlink.Text(MavSeverity.Info, $"Mission: {_actionIndex} {item.Name}");
            _actionIndex++;
            Perform(item);
        }
    }

    private void Perform(in PlanItem item)
    {
        switch (item.Command)
        {
            case MavCmd.ConditionDelay:
                _actionNotBefore = Time + item.Param1;
                break;
            case MavCmd.ConditionDistance:
                _actionWithin = item.Param1;
                break;
            case MavCmd.ConditionYaw:
                SetHeading(item.Param1 * (item.Param4 != 0 && item.Param3 < 0 ? -1 : 1), item.Param4 != 0);
                _yawHold = _heading;
                break;
            case MavCmd.DoChangeSpeed when item.Param1 is 0 or 1 && item.Param2 > 0:
                SetSpeed(item.Param2);
                break;
            case MavCmd.DoSetHome:
                SetHome(item.Param1 == 1 || !item.HasPlace
                    ? Airframe.Position
                    : Frame.ToLocal(item.Place, item.Altitude));
                break;
            case MavCmd.DoSetRoi or MavCmd.DoSetRoiLocation:
                SetRegionOfInterest(item.HasPlace ? Frame.ToLocal(item.Place, Frame.AltitudeAmsl) : null);
                break;
            case MavCmd.DoSetRoiNone:
                SetRegionOfInterest(null);
                break;
            case MavCmd.DoDigicamControl or MavCmd.ImageStartCapture:
                TakePicture();
                break;
            case MavCmd.DoMountControl:
                Camera?.Gimbal.TurnTo(item.Param1, item.Param3, isLocked: false);
                break;
            case MavCmd.DoGimbalManagerPitchyaw:
                PointCamera(item.Param1, item.Param2, item.Param3, item.Param4, (GimbalManagerFlags)item.LatitudeE7);
                break;
            case MavCmd.SetCameraZoom:
                ZoomCamera((CameraZoomType)(int)item.Param1, item.Param2);
                break;
            case MavCmd.DoFenceEnable:
                if (item.Param1 > 0)
                    _ = Fence.TryEnable();
                else
                    Fence.Disable();
                break;
        }
    }
}

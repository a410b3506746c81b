using DroneOps.Simulator.Camera;

namespace DroneOps.Simulator;

/// <summary>The camera below the vehicle: moved with the vehicle's clock, looked through by whoever draws its picture.</summary>
internal sealed partial class SimulatedCopter
{
    private const long CameraUs = 20_000;

    private const double RadToDeg = 180 / Math.PI;

    private long _nextCamera;

    /// <summary>Its camera; null for none.</summary>
    public CameraMount? Camera => _copter.Camera;

    private void StepCamera()
    {
        if (Camera is null)
        {
            _nextCamera = long.MaxValue;
            return;
        }

        _copter.StepCamera(CameraUs * 1e-6);
        _nextCamera = _now + CameraUs;
    }

    private CameraShot Shoot(CameraMount camera, DateTimeOffset at)
    {
        var airframe = _copter.Airframe;
        var height = Math.Max(Height, 0) + CameraMount.Lens.Down;
        return new(
            at,
            Position,
            _copter.Frame.AltitudeAmsl + height,
            height,
            airframe.Heading * RadToDeg,
            airframe.Pitch * RadToDeg,
            airframe.Roll * RadToDeg,
            camera.Gimbal.Yaw,
            camera.Gimbal.Pitch,
            camera.Gimbal.FieldOfView,
            camera.Faults);
    }
}

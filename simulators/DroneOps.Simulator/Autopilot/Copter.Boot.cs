using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Autopilot;

/// <summary>What wakes up when, and what the estimator can tell.</summary>
internal sealed partial class Copter
{
    /// <summary>Seconds without a GPS until the estimator stops trusting its position.</summary>
    private const double PositionLossSeconds = 8;

    private SeededNoise _gpsNoise;
    private int _bootStep;
    private double _gpsLostAt = double.MaxValue;
    private Ned _gpsError;

    /// <summary>Whether the first frames may leave.</summary>
    public bool IsTalking => Time >= _timeline.FirstHeartbeat;

    public bool IsInitialised => Time >= _timeline.Ready;

    public bool HasGps => Time >= _timeline.GpsLock && _parameters[Known.GpsEnable] > 0;

    public bool HasGpsDevice => Time >= _timeline.GpsLock;

    public bool IsAhrsHealthy => Time >= _timeline.HomeSet + ((_timeline.SensorsSettled - _timeline.HomeSet) * 0.75);

    /// <summary>Whether position modes work: the estimator uses GPS and has not lost it.</summary>
    public bool HasPosition => Time >= _timeline.EkfUsesGps && !IsEkfFailsafe && Time - _gpsLostAt < PositionLossSeconds;

    public EkfStatusFlags EstimatorFlags
    {
        get
        {
            if (Time < _timeline.EkfInitialised)
                return EkfStatusFlags.Uninitialized;
            if (Time < _timeline.EkfAligned)
                return 0;
            const EkfStatusFlags Aligned = EkfStatusFlags.Attitude | EkfStatusFlags.VelocityHoriz | EkfStatusFlags.VelocityVert
                | EkfStatusFlags.PosVertAbs;
            if (!HasPosition)
                return Aligned | EkfStatusFlags.ConstPosMode;
            return Aligned | EkfStatusFlags.PosHorizRel | EkfStatusFlags.PosHorizAbs | EkfStatusFlags.PredPosHorizRel | EkfStatusFlags.PredPosHorizAbs;
        }
    }

    /// <summary>Position as the vehicle believes and reports it.</summary>
    public Ned ReportedPosition => Airframe.Position + _gpsError;

    private void StepBoot()
    {
        while (_bootStep < 9 && Time >= BootStepTime(_bootStep))
            PerformBootStep(_bootStep++);
        StepGps();
    }

    private double BootStepTime(int step) => step switch
    {
        0 => _timeline.Ready * 0.78,
        1 => _timeline.Ready,
        2 => _timeline.EkfInitialised,
        3 => _timeline.EkfAligned - ((_timeline.EkfAligned - _timeline.EkfInitialised) * 0.1),
        4 => _timeline.EkfAligned,
        5 => _timeline.GpsLock,
        6 => _timeline.HomeSet,
        7 => _timeline.EkfUsesGps,
        _ => _timeline.EkfUsesGps + 0.2,
    };

    private void PerformBootStep(int step)
    {
        switch (step)
        {
            case 0:
                _downlink.Text(MavSeverity.Info, "Barometer 1 calibration complete");
                _downlink.Text(MavSeverity.Info, "Barometer 2 calibration complete");
                _downlink.Console("Init Gyro"u8);
                _downlink.Console("*"u8);
                break;
            case 1:
                _downlink.Console("*"u8);
                _downlink.Console("\n"u8);
                _downlink.Text(MavSeverity.Info, "ArduPilot Ready");
                _downlink.Text(MavSeverity.Info, "AHRS: DCM active");
                break;
            case 2:
                _downlink.Text(MavSeverity.Info, "EKF3 IMU0 initialised");
                _downlink.Text(MavSeverity.Info, "EKF3 IMU1 initialised");
                _downlink.Text(MavSeverity.Info, "AHRS: EKF3 active");
                break;
            case 3:
                _downlink.Text(MavSeverity.Info, "EKF3 IMU0 tilt alignment complete");
                _downlink.Text(MavSeverity.Info, "EKF3 IMU1 tilt alignment complete");
                break;
            case 4:
                _downlink.Text(MavSeverity.Info, "EKF3 IMU0 MAG0 initial yaw alignment complete");
                _downlink.Text(MavSeverity.Info, "EKF3 IMU1 MAG0 initial yaw alignment complete");
                break;
            case 5:
                _downlink.Text(MavSeverity.Info, "GPS 1: probing for u-blox at 230400 baud");
                _downlink.Text(MavSeverity.Info, "GPS 1: detected u-blox");
                break;
            case 6:
                SendOrigin();
                SetHome(Airframe.Position);
                if (Plans.Mission.Count == 0)
                    Plans.Mission.Add(new() { Command = MavCmd.NavWaypoint, AutoContinue = 1 });
                _downlink.Text(MavSeverity.Info, "EKF3 IMU0 origin set");
                _downlink.Text(MavSeverity.Info, FormattableString.Invariant($"Field Elevation Set: {Frame.AltitudeAmsl:0}m"));
                // The stored areas need an origin before they can be indexed.
                Fence.Load();
                break;
            case 7:
                _downlink.Text(MavSeverity.Info, "EKF3 IMU0 is using GPS");
                break;
            default:
                _downlink.Text(MavSeverity.Info, "EKF3 IMU1 is using GPS");
                break;
        }
    }

    private void StepGps()
    {
        if (_parameters[Known.GpsEnable] > 0)
        {
            _gpsLostAt = double.MaxValue;
            var noise = _parameters[Known.GpsNoise];
            // SIM_GPS1_GLTCH_X/Y are degrees of latitude and longitude.
            var point = Frame.Origin;
            var glitched = new DroneOps.Mavlink.GeoPoint(point.LatitudeDeg + _parameters[Known.GpsGlitchX], point.LongitudeDeg + _parameters[Known.GpsGlitchY]);
            _gpsError = Frame.ToLocal(glitched, Frame.AltitudeAmsl);
            if (noise > 0)
                _gpsError += new Ned(noise * _gpsNoise.NextNormal(), noise * _gpsNoise.NextNormal(), 0);
        }
        else if (_gpsLostAt == double.MaxValue)
        {
            _gpsLostAt = Time;
        }
    }
}

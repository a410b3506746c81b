using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Simulator.Protocols;

/// <summary>PREFLIGHT_CALIBRATION: the one command here that takes its time.</summary>
internal sealed partial class CommandDesk
{
    private const long GyroUs = 533_000;
    private const long ProgressUs = 1_000_000;

    private enum Calibration
    {
        None,
        Gyro,
        Airspeed,
    }

    private Calibration _calibration;
    private long _calibrationDue = long.MaxValue;
    private int _calibrationLeft;
    private MavlinkAddress _calibrationFor;

    /// <summary>While the gyros are calibrated the whole vehicle is silent.</summary>
    public bool IsSilent => _calibration == Calibration.Gyro;

    public void Step(long now)
    {
        if (now < _calibrationDue)
            return;
        if (_calibration == Calibration.Airspeed && _calibrationLeft-- > 0)
        {
            _calibrationDue = now + ProgressUs;
            Acknowledge(MavCmd.PreflightCalibration, MavResult.InProgress, _calibrationFor);
            return;
        }

        if (_calibration == Calibration.Gyro)
        {
            downlink.Console("*"u8);
            downlink.Console("\n"u8);
        }

        _calibration = Calibration.None;
        _calibrationDue = long.MaxValue;
        Acknowledge(MavCmd.PreflightCalibration, MavResult.Accepted, _calibrationFor);
    }

    private MavResult? Calibrate(in Command command)
    {
        if (copter.IsArmed)
        {
            downlink.Text(MavSeverity.Notice, "Disarm to allow calibration");
            return MavResult.Failed;
        }

        if (_calibration != Calibration.None)
            return MavResult.TemporarilyRejected;
        _calibrationFor = command.Sender;
        if (command.Param1 == 1)
        {
            downlink.Console("Init Gyro"u8);
            downlink.Console("*"u8);
            downlink.Text(MavSeverity.Info, "Initialising ArduPilot");
            _calibration = Calibration.Gyro;
            _calibrationDue = _now + GyroUs;
            return null;
        }

        if (command.Param3 == 1 && hasAirspeedSensor)
        {
            _calibration = Calibration.Airspeed;
            _calibrationLeft = 1;
            _calibrationDue = _now + ProgressUs;
            return MavResult.InProgress;
        }

        if (command.Param3 == 1)
        {
            downlink.Text(MavSeverity.Info, "Updating barometer calibration");
            downlink.Text(MavSeverity.Info, "Barometer calibration complete");
            return MavResult.Accepted;
        }

        return MavResult.Unsupported;
    }

    private MavResult CalibrateCompass(bool start)
    {
        if (copter.IsArmed)
            return MavResult.Failed;
        copter.NeedsCompassReboot |= copter.IsCompassCalibrating && !start;
        copter.IsCompassCalibrating = start;
        return MavResult.Accepted;
    }
}

using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Autopilot;

/// <summary>Arming, disarming, and the reasons not to arm, word for word.</summary>
internal sealed partial class Copter
{
    /// <summary>The magic in param2 that forces arming or disarming.</summary>
    public const float ForceMagic = 21196;

    private const double ReportEvery = 30;

    private readonly List<string> _reasons = [];
    private double _armedAt;
    private double _landedSince;
    private double _nextReport;
    private bool _couldArm;
    private double _nextCheck;

    /// <summary>The pre-arm check's last verdict, the health bit in SYS_STATUS. It depends on the mode.</summary>
    public bool IsReadyToArm { get; private set; }

    public bool IsCompassCalibrating { get; set; }

    public bool NeedsCompassReboot { get; set; }

    /// <summary>Arms, or says every reason why not.</summary>
    public bool TryArm(bool force)
    {
        if (IsArmed)
            return true;
        CollectReasons(forArming: true);
        if (_reasons.Count > 0 && !(force && IsInitialised))
        {
            foreach (var reason in _reasons)
                _downlink.Text(MavSeverity.Critical, "Arm: " + reason);
            return false;
        }

        IsArmed = true;
        _armedAt = Time;
        _landedSince = Time;
        _flightStartedAt = Time;
        _isMissionStarted = false;
        _spool = 0;
        _heading = Airframe.Heading;
        if (IsHomeSet && HasGps)
            SetHome(Airframe.Position);
        _downlink.Text(MavSeverity.Info, "Arming motors");
        if (Mode == CopterMode.Auto)
            ResumeMission();
        return true;
    }

    /// <summary>Disarms on the ground; in the air only by force.</summary>
    public bool TryDisarm(bool force)
    {
        if (!IsArmed)
            return true;
        if (!IsLanded && !force)
            return false;
        Disarm();
        return true;
    }

    /// <summary>RUN_PREARM_CHECKS: says what is wrong.</summary>
    public void ReportChecks()
    {
        CollectReasons(forArming: false);
        Report();
    }

    private double _flightStartedAt;

    private void Disarm()
    {
        if (!IsArmed)
            return;
        IsArmed = false;
        _isTakingOff = false;
        IsLanded = IsLanded || Airframe.IsOnGround;
        _isFinalDescent = false;
        _isPaused = false;
        Target = null;
        _speedLimit = double.NaN;
        _parameters.Set(Known.FlightTime, _parameters[Known.FlightTime] + (float)(Time - _flightStartedAt));
        _downlink.Text(MavSeverity.Info, "Disarming motors");
        var complete = _isMissionComplete;
        OnMissionCleared();
        _isMissionComplete = complete;
        _isMissionStarted = false;
        _nextReport = Time + 1;
    }

    private void ResetArming()
    {
        IsReadyToArm = false;
        IsCompassCalibrating = false;
        NeedsCompassReboot = false;
        _bootStep = 0;
        _gpsLostAt = double.MaxValue;
        _couldArm = true;
        _nextCheck = 0;
        // The first report came 30 s after boot on a vehicle that boots in 42.
        _nextReport = ReportEvery;
        _landedFor = 0;
        _overrideUntil = double.MinValue;
    }

    private void StepArming()
    {
        if (IsArmed)
        {
            IsReadyToArm = true;
            _couldArm = true;
            var delay = _parameters[Known.DisarmDelay];
            if (IsLanded && !_isTakingOff && delay > 0 && Time - Math.Max(_armedAt, _landedSince) >= delay && !IsPilotThrottle)
                Disarm();
            return;
        }

        if (Time < _nextCheck)
            return;
        _nextCheck = Time + 1;
        CollectReasons(forArming: false);
        IsReadyToArm = _reasons.Count == 0;
        if (IsReadyToArm)
        {
            _couldArm = true;
            return;
        }

        // A new reason is told within a second, a standing one every half minute.
        var isNews = _couldArm && Time > _timeline.EkfUsesGps;
        _couldArm = false;
        if (!isNews && Time < _nextReport)
            return;
        Report();
        _nextReport = Time + ReportEvery;
    }

    private void Report()
    {
        foreach (var reason in _reasons)
            _downlink.Text(MavSeverity.Critical, "PreArm: " + reason);
    }

    private void CollectReasons(bool forArming)
    {
        _reasons.Clear();
        if (!IsInitialised)
        {
            _reasons.Add("System not initialised");
            return;
        }

        if (_parameters[Known.ArmingCheck] == 0 && !forArming)
            return;
        var needsPosition = NeedsPosition(Mode) || Mode == CopterMode.Land;
        if (needsPosition && Time < _timeline.EkfAligned)
            _reasons.Add("Need Alt Estimate");
        if (Time < _timeline.SensorsSettled)
            _reasons.Add("Accels inconsistent");
        if (Time < _timeline.EkfAligned)
            _reasons.Add("EKF attitude is bad");
        if (Time < _timeline.EkfInitialised)
            _reasons.Add("AHRS: not using configured AHRS type");
        else if (Time < _timeline.HomeSet)
            _reasons.Add("AHRS: waiting for home");
        if (needsPosition && Time >= _timeline.HomeSet && !HasPosition)
            _reasons.Add("Need Position Estimate");
        if (IsCompassCalibrating)
            _reasons.Add("Compass calibration running");
        if (NeedsCompassReboot)
            _reasons.Add("Compass calibrated requires reboot");
        if (_parameters[Known.CompassFail] > 0)
            _reasons.Add("Compass not healthy");
        if (Plans.Mission.Exists(i => i.IsOnTerrain))
            _reasons.Add("waiting for terrain data");
        if (IsGcsFailsafe)
            _reasons.Add("GCS failsafe on");
        if (_parameters[Known.BatteryArmVolt] > 0 && Battery.Volts < _parameters[Known.BatteryArmVolt])
            _reasons.Add("Battery 1 below minimum arming voltage");
        if (_parameters[Known.BatteryArmMah] > 0 && RemainingMah < _parameters[Known.BatteryArmMah])
            _reasons.Add("Battery 1 below minimum arming capacity");
        if (BatteryStage > 0)
            _reasons.Add("Battery failsafe");
        if (Fence.Breach != 0)
            _reasons.Add($"Vehicle breaching {Fence.BreachName} fence");
        if (forArming)
            CollectModeReasons();
    }

    private void CollectModeReasons()
    {
        switch (Mode)
        {
            case CopterMode.Auto when MissionTotal == 0:
                _reasons.Add("Mode requires mission");
                break;
            case CopterMode.Auto when ((int)_parameters[Known.AutoOptions] & 1) == 0:
                _reasons.Add("AUTO mode not armable");
                break;
            case CopterMode.Rtl or CopterMode.Land or CopterMode.Brake or CopterMode.Circle or CopterMode.SmartRtl:
                _reasons.Add($"{NameOf(Mode)} mode not armable");
                break;
        }
    }
}

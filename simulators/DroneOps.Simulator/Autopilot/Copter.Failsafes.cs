using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Autopilot;

/// <summary>What happens by itself: battery, ground station, position loss, fence.</summary>
internal sealed partial class Copter
{
    /// <summary>FS_OPTIONS: go on with a mission when the ground station is lost.</summary>
    private const int ContinueInAuto = 2;

    private double _lowSince = double.MaxValue;
    private double _criticalSince = double.MaxValue;
    private double _lastGcsHeartbeat = double.MaxValue;
    private double _fenceActionAt = double.MaxValue;

    /// <summary>0 good, 1 low, 2 critical; falls back only with another battery.</summary>
    public int BatteryStage { get; private set; }

    public bool IsGcsFailsafe { get; private set; }

    public bool IsEkfFailsafe { get; private set; }

    public bool IsInFailsafe => BatteryStage > 0 || IsGcsFailsafe || IsEkfFailsafe;

    public double RemainingMah => Math.Max(0, _parameters[Known.BatteryCapacity] - Battery.UsedMah);

    public int RemainingPercent => (int)Math.Clamp(100 * RemainingMah / Math.Max(1, _parameters[Known.BatteryCapacity]), 0, 100);

    /// <summary>A heartbeat of the configured ground station.</summary>
    public void OnGcsHeartbeat()
    {
        _lastGcsHeartbeat = Time;
        if (!IsGcsFailsafe)
            return;
        IsGcsFailsafe = false;
        _downlink.Text(MavSeverity.Warning, "GCS Failsafe Cleared");
    }

    /// <summary>Another battery was put in: its failsafe starts afresh.</summary>
    public void OnBatteryReplaced()
    {
        BatteryStage = 0;
        _lowSince = _criticalSince = double.MaxValue;
    }

    private void ResetFailsafes()
    {
        OnBatteryReplaced();
        IsGcsFailsafe = false;
        IsEkfFailsafe = false;
        _lastGcsHeartbeat = double.MaxValue;
        _fenceActionAt = double.MaxValue;
    }

    private void StepFailsafes()
    {
        StepBatteryFailsafe();
        StepGcsFailsafe();
        StepEkfFailsafe();
        if (Battery.IsEmpty && IsArmed && !IsLanded)
        {
            // An empty pack turns no rotor, whatever the autopilot wants.
            _downlink.Text(MavSeverity.Emergency, "Crash: Disarming: battery empty");
            Disarm();
        }
    }

    private void StepBatteryFailsafe()
    {
        var isCritical = IsBelow(Known.BatteryCriticalVolt, Known.BatteryCriticalMah);
        var isLow = IsBelow(Known.BatteryLowVolt, Known.BatteryLowMah);
        _criticalSince = isCritical ? Math.Min(_criticalSince, Time) : double.MaxValue;
        _lowSince = isLow ? Math.Min(_lowSince, Time) : double.MaxValue;
        var timer = _parameters[Known.BatteryLowTimer];
        if (BatteryStage < 2 && Time - _criticalSince > timer)
            EnterBatteryStage(2, "critical", (int)_parameters[Known.BatteryCriticalAction]);
        else if (BatteryStage < 1 && Time - _lowSince > timer)
            EnterBatteryStage(1, "low", (int)_parameters[Known.BatteryLowAction]);
    }

    private bool IsBelow(int volts, int mah) =>
        (_parameters[volts] > 0 && Battery.Volts < _parameters[volts]) || (_parameters[mah] > 0 && RemainingMah < _parameters[mah]);

    private void EnterBatteryStage(int stage, string word, int action)
    {
        BatteryStage = stage;
        _downlink.Text(MavSeverity.Warning, FormattableString.Invariant($"Battery 1 is {word} {Battery.Volts:0.00}V used {Battery.UsedMah:0} mAh"));
        if (action <= 0 || !IsArmed)
            return;
        _downlink.Text(MavSeverity.Warning, "Battery Failsafe");
        if (IsLanded && !_isTakingOff)
        {
            Disarm();
            return;
        }

        // 1 LAND, 2 RTL, 3 and 4 SmartRTL with a fallback, 5 terminate, 6 brake or land.
        var mode = action switch
        {
            2 or 3 => CopterMode.Rtl,
            4 => CopterMode.SmartRtl,
            _ => CopterMode.Land,
        };
        if (action == 5)
            Disarm();
        else if (!TrySetMode(mode))
            _ = TrySetMode(CopterMode.Land);
    }

    private void StepGcsFailsafe()
    {
        var action = (int)_parameters[Known.FsGcsEnable];
        if (IsGcsFailsafe || action == 0 || _lastGcsHeartbeat == double.MaxValue
            || Time - _lastGcsHeartbeat < _parameters[Known.FsGcsTimeout])
            return;
        IsGcsFailsafe = true;
        if (!IsArmed)
        {
            _downlink.Text(MavSeverity.Warning, "GCS Failsafe");
            return;
        }

        if (IsLanded && !_isTakingOff)
        {
            Disarm();
            _downlink.Text(MavSeverity.Warning, "GCS Failsafe - Disarming");
            return;
        }

        if (Mode == CopterMode.Auto && ((int)_parameters[Known.FsOptions] & ContinueInAuto) != 0)
        {
            _downlink.Text(MavSeverity.Warning, "GCS Failsafe - Continuing Auto Mode");
            return;
        }

        if (BatteryStage == 2 && Mode == CopterMode.Land)
        {
            _downlink.Text(MavSeverity.Warning, "GCS Failsafe - Continuing Landing");
            return;
        }

        _downlink.Text(MavSeverity.Warning, "GCS Failsafe");
        var mode = action switch
        {
            5 => CopterMode.Land,
            7 => CopterMode.Brake,
            _ => CopterMode.Rtl,
        };
        if (!TrySetMode(mode))
            _ = TrySetMode(CopterMode.Land);
    }

    private void StepEkfFailsafe()
    {
        var isLost = Time >= _timeline.EkfUsesGps && _gpsLostAt < double.MaxValue && Time - _gpsLostAt >= PositionLossSeconds;
        if (!isLost)
        {
            if (IsEkfFailsafe)
            {
                IsEkfFailsafe = false;
                _downlink.Text(MavSeverity.Critical, "EKF Failsafe Cleared");
            }

            return;
        }

        if (IsEkfFailsafe || !IsArmed || _parameters[Known.FsEkfAction] <= 0)
            return;
        _downlink.Text(MavSeverity.Critical, "EKF variance");
        IsEkfFailsafe = true;
        if (!NeedsPosition(Mode) || Mode == CopterMode.Land)
            return;
        if (TrySetMode(CopterMode.Land))
            _downlink.Text(MavSeverity.Critical, "EKF Failsafe: changed to LAND Mode");
    }

    private void StepFence()
    {
        var before = Fence.Breach;
        var fresh = Fence.Check(Airframe.Position, _home, TimeBootMs, !IsLanded);
        if (fresh != 0)
        {
            SendFenceStatus();
            // The breach is told first; the mode follows with the next fence check, 8-35 ms later on the recorded vehicle.
            _fenceActionAt = Time + 0.02;
        }

        if (before != 0 && Fence.Breach == 0)
            _downlink.Text(MavSeverity.Notice, "Fence breach cleared");
    }

    private void ActOnBreach()
    {
        if (Time < _fenceActionAt)
            return;
        _fenceActionAt = double.MaxValue;
        if (!IsArmed || IsLanded || Fence.Breach == 0)
            return;
        var action = (int)_parameters[Known.FenceAction];
        if (action == 0)
        {
            _downlink.Text(MavSeverity.Notice, $"{Fence.BreachName} fence breached");
            return;
        }

        var mode = action switch
        {
            2 => CopterMode.Land,
            4 => CopterMode.Brake,
            _ => CopterMode.Rtl,
        };
        var name = Fence.BreachName;
        _ = TrySetMode(mode) || TrySetMode(CopterMode.Land);
        _downlink.Text(MavSeverity.Notice, $"{name} fence breached");
    }

    public void SendFenceStatus() => _downlink.Send(new FenceStatus
    {
        BreachStatus = (byte)(Fence.Breach != 0 ? 1 : 0),
        BreachCount = Fence.BreachCount,
        BreachType = Fence.BreachType,
        BreachTime = Fence.BreachTimeMs,
        BreachMitigation = FenceMitigate.None,
    });
}

using DroneOps.Simulator.Camera;
using DroneOps.Simulator.Faults;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator;

/// <summary>Faults, at once or by plan.</summary>
internal sealed partial class SimulatedCopter
{
    private readonly PriorityQueue<(TimedFault Fault, bool Begins), long> _plan = new();
    private readonly Dictionary<int, float> _beforeFault = [];
    private long _nextFault = long.MaxValue;

    /// <summary>What the line from the vehicle does.</summary>
    public LineFaults DownFaults
    {
        get => _down.Faults;
        set => _down.Faults = value;
    }

    /// <summary>What the line to the vehicle does.</summary>
    public LineFaults UpFaults
    {
        get => _up.Faults;
        set => _up.Faults = value;
    }

    /// <summary>Plans a fault; one that lies in the past happens with the next step.</summary>
    public void Plan(TimedFault fault)
    {
        var begin = (long)(fault.AtSeconds * 1e6);
        _plan.Enqueue((fault, true), begin);
        if (fault.ForSeconds > 0 && fault.Kind is not (FaultKind.Reboot or FaultKind.Watchdog or FaultKind.LowBattery))
            _plan.Enqueue((fault, false), begin + (long)(fault.ForSeconds * 1e6));
        _nextFault = Math.Min(_nextFault, begin);
    }

    /// <summary>Restarts the autopilot as a loss of power does: what flies, falls.</summary>
    public void Reboot()
    {
        _up.Cut();
        Boot();
    }

    /// <summary>Restarts clock, sequence numbers and streams without an interruption of the flight.</summary>
    public void ResetByWatchdog()
    {
        BootCount++;
        _downlink.Restart();
        _copter.RestartClock();
        _streams.Forget(_now + LoopUs);
        _parameterProtocol.Forget();
        _plans.Forget();
        _downlink.Text(Mavlink.Messages.MavSeverity.Critical, "WDG: T0 SL0 FL0 FT0 FA0 FTP0 FLR0 FICSR0 MM0 MC0 IE0 IEC0 TN:");
    }

    private void StepFaults()
    {
        while (_plan.TryPeek(out var next, out var due) && due <= _now)
        {
            _plan.Dequeue();
            Apply(next.Fault, next.Begins);
        }

        _nextFault = _plan.TryPeek(out _, out var later) ? later : long.MaxValue;
    }

    private void Apply(TimedFault fault, bool begins)
    {
        var value = begins ? fault.Value : 0;
        switch (fault.Kind)
        {
            case FaultKind.Loss:
                OnBothLines(f => f with { Loss = value });
                break;
            case FaultKind.Delay:
                OnBothLines(f => f with { DelaySeconds = value });
                break;
            case FaultKind.Duplicate:
                OnBothLines(f => f with { Duplicate = value });
                break;
            case FaultKind.Reorder:
                OnBothLines(f => f with { Reorder = value });
                break;
            case FaultKind.Silence:
                OnBothLines(f => f with { Silent = begins });
                break;
            case FaultKind.UplinkSilence:
                UpFaults = UpFaults with { Silent = begins };
                break;
            case FaultKind.Reboot:
                Reboot();
                break;
            case FaultKind.Watchdog:
                ResetByWatchdog();
                break;
            case FaultKind.LowBattery:
                ReplaceBattery(fault.Value);
                break;
            case FaultKind.GpsLoss:
                Override(Known.GpsEnable, 0, begins);
                break;
            case FaultKind.GpsJump:
                Override(Known.GpsGlitchX, (float)(fault.Value / 111_319.49), begins);
                break;
            case FaultKind.EngineFailure:
                Override(Known.EngineMultiplier, (float)fault.Value, begins);
                Override(Known.EngineFail, 1, begins);
                break;
            case FaultKind.Wind:
                Override(Known.WindSpeed, (float)fault.Value, begins);
                break;
            case FaultKind.CameraFreeze:
                OnCamera(f => f with { IsFrozen = begins });
                break;
            case FaultKind.CameraBlack:
                OnCamera(f => f with { IsBlack = begins });
                break;
            case FaultKind.CameraLoss:
                OnCamera(f => f with { Loss = value });
                break;
            case FaultKind.CameraSilence:
                OnCamera(f => f with { IsSilent = begins });
                break;
            case FaultKind.CameraResolution:
                OnCamera(f => f with { Height = (int)value });
                break;
            case FaultKind.CameraSecondSender:
                OnCamera(f => f with { HasSecondSender = begins });
                break;
            case FaultKind.Parameter when ParameterTable.TryFind(fault.Parameter, out var index):
                Override(index, (float)fault.Value, begins);
                break;
        }
    }

    private void OnCamera(Func<CameraFaults, CameraFaults> change)
    {
        if (Camera is { } camera)
            camera.Faults = change(camera.Faults);
    }

    private void OnBothLines(Func<LineFaults, LineFaults> change)
    {
        DownFaults = change(DownFaults);
        UpFaults = change(UpFaults);
    }

    private void Override(int parameter, float value, bool begins)
    {
        if (begins)
        {
            _beforeFault[parameter] = _parameters[parameter];
            _parameters.Set(parameter, value);
        }
        else if (_beforeFault.Remove(parameter, out var before))
        {
            _parameters.Set(parameter, before);
        }
    }
}

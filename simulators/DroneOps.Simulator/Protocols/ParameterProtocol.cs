using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Autopilot;

namespace DroneOps.Simulator.Protocols;

/// <summary>PARAM_REQUEST_LIST, PARAM_REQUEST_READ, PARAM_SET. An unknown name gets no answer at all.</summary>
internal sealed class ParameterProtocol(ParameterTable parameters, Downlink downlink, Telemetry telemetry, Copter copter)
{
    /// <summary>The list runs at about 1600 parameters a second.</summary>
    private const int PerBurst = 16;

    private const long BurstUs = 10_000;

    private int _next = int.MaxValue;

    public long NextDue { get; private set; } = long.MaxValue;

    public void Forget()
    {
        _next = int.MaxValue;
        NextDue = long.MaxValue;
    }

    public void OnList(long now)
    {
        telemetry.SendBanner();
        _next = 0;
        NextDue = now;
    }

    public void OnRead(in ParamRequestRead request)
    {
        if (request.ParamIndex >= 0)
        {
            if (request.ParamIndex < ParameterTable.Count)
                Send(request.ParamIndex, (ushort)request.ParamIndex, ParameterTable.TypeAt(request.ParamIndex));
        }
        else if (ParameterTable.TryFind(request.ParamId, out var index))
        {
            Send(index, (ushort)index, ParameterTable.TypeAt(index));
        }
    }

    public void OnSet(in ParamSet request)
    {
        if (!ParameterTable.TryFind(request.ParamId, out var index) || float.IsNaN(request.ParamValue))
            return;
        var before = parameters[index];
        var after = parameters.Set(index, request.ParamValue);
        // Setting what is set already is echoed as REAL32, whatever the parameter's type is.
        Send(index, ushort.MaxValue, before == after ? MavParamType.Real32 : ParameterTable.TypeAt(index));
        if (index == Known.FenceEnable)
        {
            if (after > 0)
                _ = copter.Fence.TryEnable();
            else
                copter.Fence.Disable();
        }
        else if (index == Known.BatteryCapacity && before != after)
        {
            copter.Battery.Replace(after, copter.Battery.Charge);
        }
    }

    public void Step(long now)
    {
        if (now < NextDue)
            return;
        for (var i = 0; i < PerBurst && _next < ParameterTable.Count; i++, _next++)
            Send(_next, (ushort)_next, ParameterTable.TypeAt(_next));
        NextDue = _next < ParameterTable.Count ? now + BurstUs : long.MaxValue;
    }

    /// <summary>Holds the list back for a while.</summary>
    public void Postpone(long until)
    {
        if (NextDue < until)
            NextDue = until;
    }

    private void Send(int index, ushort reportedIndex, MavParamType type) => downlink.Send(new ParamValue
    {
        ParamId = ParameterTable.NameAt(index),
        ParamValueValue = parameters[index],
        ParamType = type,
        ParamCount = (ushort)ParameterTable.Count,
        ParamIndex = reportedIndex,
    });
}

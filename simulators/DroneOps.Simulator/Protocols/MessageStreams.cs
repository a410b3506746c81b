using DroneOps.Mavlink.Messages;

namespace DroneOps.Simulator.Protocols;

/// <summary>Which messages are streamed and when the next one is due. Nothing is, until somebody asks; a reboot forgets it all.</summary>
internal sealed class MessageStreams(Telemetry telemetry, bool hasCamera)
{
    /// <summary>The highest rate that is granted: 80 % of SCHED_LOOP_RATE 400.</summary>
    public const int MaxHz = 320;

    /// <summary>Everything that has a stream, in the order in which a tick sends it.</summary>
    private static readonly uint[] Streamable =
    [
        Heartbeat.MsgId, Attitude.MsgId, GlobalPositionInt.MsgId, VfrHud.MsgId, SysStatus.MsgId, PowerStatus.MsgId, Meminfo.MsgId, NavControllerOutput.MsgId,
        MissionCurrent.MsgId, ServoOutputRaw.MsgId, RcChannels.MsgId, GpsRawInt.MsgId, SystemTime.MsgId, LocalPositionNed.MsgId,
        Vibration.MsgId, BatteryStatus.MsgId, EkfStatusReport.MsgId, ExtendedSysState.MsgId, FenceStatus.MsgId, HomePosition.MsgId,
        GpsGlobalOrigin.MsgId, Wind.MsgId, PositionTargetGlobalInt.MsgId, GimbalDeviceAttitudeStatus.MsgId, CameraFovStatus.MsgId,
    ];

    /// <summary>What REQUEST_DATA_STREAM with stream 0 starts and stops. EXTENDED_SYS_STATE is in no legacy group, and so is not stopped.</summary>
    private static readonly uint[] Legacy =
    [
        Attitude.MsgId, GlobalPositionInt.MsgId, VfrHud.MsgId, SysStatus.MsgId, PowerStatus.MsgId, Meminfo.MsgId, NavControllerOutput.MsgId,
        MissionCurrent.MsgId, ServoOutputRaw.MsgId, RcChannels.MsgId, GpsRawInt.MsgId, SystemTime.MsgId, LocalPositionNed.MsgId,
        Vibration.MsgId, BatteryStatus.MsgId, EkfStatusReport.MsgId, FenceStatus.MsgId, Wind.MsgId, PositionTargetGlobalInt.MsgId,
    ];

    private static readonly Dictionary<MavDataStream, uint[]> LegacyGroups = new()
    {
        [MavDataStream.All] = Legacy,
        [MavDataStream.RawSensors] = [Vibration.MsgId],
        [MavDataStream.ExtendedStatus] =
            [SysStatus.MsgId, PowerStatus.MsgId, Meminfo.MsgId, MissionCurrent.MsgId, GpsRawInt.MsgId, NavControllerOutput.MsgId, FenceStatus.MsgId,
            PositionTargetGlobalInt.MsgId],
        [MavDataStream.RcChannels] = [ServoOutputRaw.MsgId, RcChannels.MsgId],
        [MavDataStream.Position] = [GlobalPositionInt.MsgId, LocalPositionNed.MsgId],
        [MavDataStream.Extra1] = [Attitude.MsgId],
        [MavDataStream.Extra2] = [VfrHud.MsgId],
        [MavDataStream.Extra3] =
            [SystemTime.MsgId, Wind.MsgId, BatteryStatus.MsgId, EkfStatusReport.MsgId, Vibration.MsgId],
    };

    private readonly long[] _interval = new long[Streamable.Length];
    private readonly long[] _due = new long[Streamable.Length];

    /// <summary>When the next message is due, µs of vehicle time; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDue { get; private set; } = long.MaxValue;

    public void Forget(long firstHeartbeat)
    {
        Array.Clear(_interval);
        Array.Fill(_due, long.MaxValue);
        Set(0, 1_000_000, firstHeartbeat);
    }

    /// <summary>Interval in µs, -1 where it is not streamed, null where the message has no stream.</summary>
    public int? IntervalOf(uint messageId)
    {
        var slot = Array.IndexOf(Streamable, messageId);
        return slot < 0 ? null : _interval[slot] == 0 ? -1 : (int)_interval[slot];
    }

    public static bool HasSlot(uint messageId) => Array.IndexOf(Streamable, messageId) >= 0;

    public bool IsStreamable(uint messageId) =>
        HasSlot(messageId) && (hasCamera || messageId is not (GimbalDeviceAttitudeStatus.MsgId or CameraFovStatus.MsgId));

    /// <summary>Starts, changes or stops a stream.</summary>
    /// <param name="messageId">A message for which <see cref="IsStreamable"/> holds.</param>
    /// <param name="intervalUs">Microseconds; negative stops it; 0 is its default, which is "off" here, and changes nothing.</param>
    /// <param name="now">µs of vehicle time.</param>
    public void SetInterval(uint messageId, long intervalUs, long now)
    {
        var slot = Array.IndexOf(Streamable, messageId);
        if (intervalUs > 0)
            Set(slot, intervalUs, now + intervalUs);
        else if (intervalUs < 0)
            Stop(slot);
    }

    public void SetLegacyRate(MavDataStream stream, int hz, long now)
    {
        if (!LegacyGroups.TryGetValue(stream, out var messages))
            return;
        foreach (var id in messages)
            SetInterval(id, hz > 0 ? 1_000_000 / Math.Min(hz, MaxHz) : -1, now);
    }

    /// <summary>Sends what is due.</summary>
    public void Step(long now)
    {
        if (now < NextDue)
            return;
        var next = long.MaxValue;
        for (var slot = 0; slot < _due.Length; slot++)
        {
            if (_due[slot] <= now)
            {
                _ = telemetry.TrySend(Streamable[slot]);
                _due[slot] += _interval[slot];
                if (_due[slot] <= now)
                    _due[slot] = now + _interval[slot];
            }

            next = Math.Min(next, _due[slot]);
        }

        NextDue = next;
    }

    /// <summary>Holds everything back for a while.</summary>
    public void Postpone(long until)
    {
        for (var slot = 0; slot < _due.Length; slot++)
        {
            if (_due[slot] < until)
                _due[slot] = until;
        }

        NextDue = Math.Max(NextDue, until);
    }

    private void Set(int slot, long interval, long due)
    {
        _interval[slot] = interval;
        _due[slot] = due;
        NextDue = Math.Min(NextDue, due);
    }

    private void Stop(int slot)
    {
        _interval[slot] = 0;
        _due[slot] = long.MaxValue;
    }
}

using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Protocols;

namespace DroneOps.Vehicles;

/// <content>The fold of telemetry into the state. Nothing here allocates but the facts that are told.</content>
/// <remarks>What is not a number is not measured: it is left out, so that whoever shows or stores a state finds only numbers in it.</remarks>
public sealed partial class Vehicle
{
    private const double RadToDeg = 180 / Math.PI;
    private const ushort UnknownHeading = ushort.MaxValue;

    private SampleOrder _positionOrder;
    private SampleOrder _attitudeOrder;
    private int _flips;

    /// <summary>Folds one telemetry message.</summary>
    /// <returns>False where it is not telemetry.</returns>
    private bool Fold(in MavlinkFrame frame, DateTimeOffset at, int link)
    {
        switch (frame.MessageId)
        {
            case GlobalPositionInt.MsgId:
                FoldPosition(frame.Decode<GlobalPositionInt>(), at);
                return true;
            case Attitude.MsgId:
                FoldAttitude(frame.Decode<Attitude>(), at);
                return true;
            case VfrHud.MsgId:
                FoldAir(frame.Decode<VfrHud>(), at);
                return true;
            case SysStatus.MsgId:
                FoldSystem(frame.Decode<SysStatus>(), at);
                return true;
            case BatteryStatus.MsgId:
                FoldBattery(frame.Decode<BatteryStatus>(), at);
                return true;
            case SmartBatteryInfo.MsgId:
                FoldPack(frame.Decode<SmartBatteryInfo>());
                return true;
            case BatteryInfo.MsgId:
                FoldPack(frame.Decode<BatteryInfo>());
                return true;
            case ExtendedSysState.MsgId:
                FoldLandedState(frame.Decode<ExtendedSysState>(), frame.Sequence, link, at);
                return true;
            case FlightInformation.MsgId:
                FoldFlight(frame.Decode<FlightInformation>(), at);
                return true;
            case GpsRawInt.MsgId:
                FoldGps(frame.Decode<GpsRawInt>(), at);
                return true;
            case EkfStatusReport.MsgId:
                FoldEstimator((uint)frame.Decode<EkfStatusReport>().Flags, at);
                return true;
            case EstimatorStatus.MsgId:
                FoldEstimator((uint)frame.Decode<EstimatorStatus>().Flags, at);
                return true;
            case Wind.MsgId:
                var from = frame.Decode<Wind>();
                FoldWind(-from.Speed * Math.Cos(from.Direction / RadToDeg), -from.Speed * Math.Sin(from.Direction / RadToDeg), at);
                return true;
            case WindCov.MsgId:
                var to = frame.Decode<WindCov>();
                FoldWind(to.WindX, to.WindY, at);
                return true;
            case HomePosition.MsgId:
                FoldHome(frame.Decode<HomePosition>(), at);
                return true;
            case GpsGlobalOrigin.MsgId:
                State.HasOrigin = true;
                return true;
            case MissionCurrent.MsgId:
                FoldMission(frame.Decode<MissionCurrent>(), at);
                return true;
            case MissionItemReached.MsgId:
                FoldReached(frame.Decode<MissionItemReached>().Seq, at);
                return true;
            case FenceStatus.MsgId:
                FoldFence(frame.Decode<FenceStatus>(), at);
                return true;
            case SystemTime.MsgId:
                Boot(frame.Decode<SystemTime>().TimeBootMs, at);
                return true;
            case Timesync.MsgId:
                FoldTimesync(frame.Decode<Timesync>(), frame.ComponentId, at);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Holds a boot time against the running boot; tells a reboot where it shows one.</summary>
    /// <returns>Whether the message can be believed.</returns>
    private bool Boot(uint bootMs, DateTimeOffset at)
    {
        switch (_bootClock.Observe(bootMs, at))
        {
            case BootSample.Current:
                return true;
            case BootSample.NewBoot:
                Reboot(at);
                return true;
            default:
                OldSamples++;
                if (_bootClock.Flips != _flips)
                {
                    // To and fro between two boot times: very late frames, or two vehicles under one system id.
                    _flips = _bootClock.Flips;
                    _identity.Suspect();
                }

                return false;
        }
    }

    private void FoldPosition(in GlobalPositionInt message, DateTimeOffset at)
    {
        if (!Boot(message.TimeBootMs, at))
            return;
        var point = GeoPoint.FromE7(message.Lat, message.Lon);
        // Until the GPS locks, zeros are sent; a vehicle exactly at 0/0 does not occur in this service.
        if ((message.Lat == 0 && message.Lon == 0) || !point.IsValid)
            return;
        if (!_positionOrder.IsNewer(message.TimeBootMs))
        {
            OldSamples++;
            return;
        }

        var position = new PositionReading(
            point,
            Altitude.Amsl(message.Alt / 1000.0),
            Altitude.Relative(message.RelativeAlt / 1000.0),
            new(message.Vx / 100.0, message.Vy / 100.0, message.Vz / 100.0),
            message.Hdg == UnknownHeading ? null : message.Hdg / 100.0,
            message.TimeBootMs);
        State.Position = new(position, at);
        Tell(new VehicleFact.PositionFixed(
            at, position.Point, position.Amsl, position.AboveHome, position.Velocity, position.HeadingDeg));
        InferLanded(at);
    }

    private void FoldAttitude(in Attitude message, DateTimeOffset at)
    {
        if (!Boot(message.TimeBootMs, at) || !float.IsFinite(message.Roll) || !float.IsFinite(message.Pitch) || !float.IsFinite(message.Yaw))
            return;
        if (!_attitudeOrder.IsNewer(message.TimeBootMs))
        {
            OldSamples++;
            return;
        }

        var yaw = message.Yaw * RadToDeg;
        State.Attitude = new(
            new(message.Roll * RadToDeg, message.Pitch * RadToDeg, yaw < 0 ? yaw + 360 : yaw, message.TimeBootMs), at);
    }

    private void FoldAir(in VfrHud message, DateTimeOffset at)
    {
        // A vehicle without an air speed sensor may send the rest all the same.
        if (float.IsFinite(message.Groundspeed) && float.IsFinite(message.Climb))
            State.Air = new(new(float.IsFinite(message.Airspeed) ? message.Airspeed : null, message.Groundspeed, message.Climb, message.Heading, message.Throttle), at);
    }

    private void FoldWind(double northMps, double eastMps, DateTimeOffset at)
    {
        if (double.IsFinite(northMps) && double.IsFinite(eastMps))
            State.Wind = new(new(northMps, eastMps), at);
    }

    private void FoldSystem(in SysStatus message, DateTimeOffset at)
    {
        var sensors = new SensorsReading(
            message.OnboardControlSensorsPresent, message.OnboardControlSensorsEnabled, message.OnboardControlSensorsHealth);
        State.Sensors = new(sensors, at);
        if (State.Fence is { } fence)
            State.Fence = new(fence.Value with { IsEnabled = sensors.FenceEnabled }, fence.At);
        FoldBattery(message, at);
        UpdateReadiness(at);
    }

    private void FoldGps(in GpsRawInt message, DateTimeOffset at)
    {
        State.Gps = new(
            new(
                message.FixType,
                message.SatellitesVisible == byte.MaxValue ? null : message.SatellitesVisible,
                message.Eph == ushort.MaxValue ? null : message.Eph / 100.0,
                message.HAcc == 0 ? null : message.HAcc / 1000.0,
                GeoidSeparation(message)),
            at);
        UpdateReadiness(at);
    }

    /// <summary>An extension that is not sent reads as zero, and the geoid (EGM2008) stays within 110 m of the ellipsoid everywhere: what is
    /// farther off is no separation but one of the two altitudes missing.</summary>
    private static double? GeoidSeparation(in GpsRawInt message)
    {
        const double most = 110;
        var separation = ((double)message.AltEllipsoid - message.Alt) / 1000;
        return message.AltEllipsoid == 0 || Math.Abs(separation) > most ? null : separation;
    }

    private void FoldEstimator(uint flags, DateTimeOffset at)
    {
        const uint needed = (uint)(EkfStatusFlags.Attitude | EkfStatusFlags.VelocityHoriz | EkfStatusFlags.PosHorizRel | EkfStatusFlags.PosHorizAbs);
        var started = !_talk.Autopilot.IsArduPilot || (flags & (uint)EkfStatusFlags.Uninitialized) == 0;
        State.Estimator = new(new(flags, started && (flags & needed) == needed), at);
        UpdateReadiness(at);
    }

    private void FoldTimesync(in Timesync message, byte componentId, DateTimeOffset at)
    {
        if (!TimesyncResponder.TryAnswer(message, Key.SystemId, componentId, _talk.Self, at, out var answer))
            return;
        // ts1 counts nanoseconds from boot on an ArduPilot: after a reboot, which forgets all streams, it is the one clock left.
        if (_talk.Autopilot.IsArduPilot && message.Ts1 > 0)
            Boot(unchecked((uint)(message.Ts1 / 1_000_000)), at);
        _talk.Outbox.TryAdd(answer);
    }
}

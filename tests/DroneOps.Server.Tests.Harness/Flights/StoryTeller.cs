using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Server.Tests.Harness.Flights;

/// <summary>Who hears a story: what arrives, and when time passes, in the order in which it happens. Seconds from the story's begin.</summary>
internal interface IStoryListener
{
    /// <summary>A frame arrives.</summary>
    void OnFrame(double at, int link, ReadOnlySpan<byte> frame);

    /// <summary>Time passes; often.</summary>
    void OnTick(double at);

    /// <summary>The service stops hearing and seeing anything.</summary>
    void OnServiceDown(double at);

    /// <summary>The service is there again.</summary>
    void OnServiceUp(double at);
}

/// <summary>Says a story in MAVLink: real frames, at the rates that the service asks for, with the jitter, the losses and the second link of
/// the story.</summary>
internal sealed class StoryTeller
{
    private const double TickS = 0.2;
    private const double DelayS = 0.012;
    private const double JitterS = 0.02;
    private const double LateS = 0.4;
    private const double BaseLat = 24.513;
    private const double BaseLon = 117.655;
    private const ushort UnknownHeading = ushort.MaxValue;

    private readonly FlightStory _story;
    private readonly MavlinkAddress _vehicle;
    private readonly Random _random;
    private readonly byte[] _buffer = new byte[MavlinkFrame.MaxLength];
    private readonly PriorityQueue<(double At, int Link, byte[] Frame), (double, long)> _air = new();
    private readonly byte[] _sequences = new byte[3];
    private readonly double[] _lastArrival = new double[3];
    private long _order;
    private double _north;
    private double _lastAt;

    public StoryTeller(FlightStory story, byte systemId)
    {
        _story = story;
        _vehicle = new(systemId, 1);
        _random = new Random(story.Seed ^ 0x5EED);
    }

    /// <summary>The longest that a frame is under way on a link that loses nothing.</summary>
    public static double LongestDelayS(FlightStory story) => DelayS + JitterS + (story.HasSecondLink ? story.SecondLinkLateS : 0);

    /// <summary>Tells it all.</summary>
    public void Tell(IStoryListener listener)
    {
        List<(double Next, double Every, Action<double> Say)> streams =
        [
            (Phase(1 / 6.0), 1 / 6.0, Beat),
            (Phase(0.25), 0.25, Locate),
        ];
        var firstBeat = _story.FirstBeatS = streams[0].Next;
        if (_story.Evidence == Evidence.LandedState)
            streams.Add((Phase(1 / 6.0), 1 / 6.0, TellLanded));
        if (_story.Evidence == Evidence.FlightInformation)
            streams.Add((Phase(1), 1, TellFlight));
        if (_story.Evidence == Evidence.Motion)
            streams.Add((Phase(0.5), 0.5, TellThrottle));
        var shows = streams[_story.Evidence == Evidence.Motion ? 1 : 2];
        _story.FirstShownInAirS = shows.Next > firstBeat ? shows.Next : shows.Next + (Math.Ceiling((firstBeat - shows.Next) / shows.Every) * shows.Every);
        var (tick, isDown) = (0.0, false);
        while (true)
        {
            var which = 0;
            for (var i = 1; i < streams.Count; i++)
            {
                if (streams[i].Next < streams[which].Next)
                    which = i;
            }

            var (at, every, say) = streams[which];
            if (at > _story.EndS)
                break;
            for (; tick <= at; tick += TickS)
            {
                Deliver(listener, tick, isDown);
                var down = IsIn(Silence.Service, tick);
                if (down != isDown)
                {
                    isDown = down;
                    if (down)
                        listener.OnServiceDown(tick);
                    else
                        listener.OnServiceUp(tick);
                }

                if (!isDown)
                    listener.OnTick(tick);
            }

            if (!IsIn(Silence.Reboot, at))
                say(at);
            streams[which] = (at + every, every, say);
        }

        Deliver(listener, _story.EndS + 1, isDown);
    }

    private double Phase(double period) => _random.NextDouble() * period;

    private bool IsIn(Silence why, double at) => _story.Silences.Exists(silence => silence.Why == why && silence.Span.Holds(at));

    private void Deliver(IStoryListener listener, double until, bool isDown)
    {
        while (_air.TryPeek(out var next, out _) && next.At <= until)
        {
            _air.Dequeue();
            if (!isDown)
                listener.OnFrame(next.At, next.Link, next.Frame);
        }
    }

    private void Send<T>(double at, in T message)
        where T : unmanaged, IMavlinkMessage<T>
    {
        for (var link = 1; link <= (_story.HasSecondLink ? 2 : 1); link++)
        {
            var length = FrameWriter.Write(_buffer, message, _vehicle, _sequences[link]++);
            if (IsIn(Silence.Link, at) || (link == 1 && _story.FirstLinkDown.Exists(down => down.Holds(at))) || (_story.IsLossy && _random.Next(10) == 0))
                continue;
            var arrival = at + DelayS + (_random.NextDouble() * JitterS) + (link == 2 ? _story.SecondLinkLateS : 0);
            if (_story.IsLossy && _random.Next(50) == 0)
                arrival += LateS; // overtaken
            else
                _lastArrival[link] = arrival = Math.Max(arrival, _lastArrival[link]);
            _air.Enqueue((arrival, link, _buffer.AsSpan(0, length).ToArray()), (arrival, _order++));
        }
    }

    private uint BootMs(double at)
    {
        var boot = _story.Boots.FindLastIndex(started => started <= at);
        return boot < 0 ? unchecked(_story.BootMs + (uint)(at * 1000)) : (uint)((at - _story.Boots[boot]) * 1000);
    }

    private bool IsArmed(double at) => _story.Armed.Exists(span => span.Holds(at));

    private AirSpan? AirAt(double at) => _story.Air.Find(span => at >= span.From && at < span.To) is { To: not 0 } air ? air : null;

    private void Beat(double at) => Send(at, new Heartbeat
    {
        Type = MavType.Quadrotor,
        Autopilot = _story.Evidence == Evidence.LandedState ? MavAutopilot.Ardupilotmega : MavAutopilot.Px4,
        BaseMode = MavModeFlag.CustomModeEnabled | (IsArmed(at) ? MavModeFlag.SafetyArmed : 0),
        CustomMode = 4,
        SystemStatus = IsArmed(at) ? MavState.Active : MavState.Standby,
        MavlinkVersion = 3,
    });

    private void TellLanded(double at)
    {
        var state = AirAt(at) is { } air
            ? at - air.From < 1 ? MavLandedState.Takeoff : air.To - at < 1.5 ? MavLandedState.Landing : MavLandedState.InAir
            : MavLandedState.OnGround;
        Send(at, new ExtendedSysState { LandedState = _story.Undefined.Exists(span => span.Holds(at)) ? MavLandedState.Undefined : state });
    }

    private void TellFlight(double at)
    {
        var armed = _story.Armed.FindLast(span => span.From <= at);
        var takeoff = _story.Air.FindLast(air => air.From <= at && air.From >= armed.From);
        var landing = _story.Air.FindLast(air => air.To <= at && air.To >= armed.From);
        Send(at, new FlightInformation
        {
            TimeBootMs = BootMs(at),
            ArmingTimeUtc = armed.To == 0 ? 0 : Since(armed.From),
            TakeoffTimeUtc = takeoff.To == 0 ? 0 : Since(takeoff.From),
            LandingTime = landing.To == 0 ? 0 : (uint)(Since(landing.To) / 1000),
        });

        ulong Since(double moment) => (ulong)((_story.BootMs + (moment * 1000)) * 1000);
    }

    private void TellThrottle(double at)
    {
        var air = AirAt(at);
        Send(at, new VfrHud { Throttle = (ushort)(air is not null ? 45 : IsArmed(at) ? 8 : 0), Groundspeed = (float)(air?.At(at).SpeedMps ?? 0) });
    }

    private void Locate(double at)
    {
        var (height, climb, speed) = AirAt(at)?.At(at) ?? (0, 0, 0);
        _north += speed * (at - _lastAt);
        _lastAt = at;
        Send(at, new GlobalPositionInt
        {
            TimeBootMs = BootMs(at),
            Lat = (int)((BaseLat + (_north / 111_320)) * 1e7),
            Lon = (int)(BaseLon * 1e7),
            Alt = (int)((28 + height) * 1000),
            RelativeAlt = (int)(height * 1000),
            Vx = (short)(speed * 100),
            Vz = (short)(-climb * 100),
            Hdg = UnknownHeading,
        });
    }
}

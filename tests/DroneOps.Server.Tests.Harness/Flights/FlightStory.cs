namespace DroneOps.Server.Tests.Harness.Flights;

/// <summary>How a vehicle shows that it flies.</summary>
internal enum Evidence
{
    /// <summary>EXTENDED_SYS_STATE, as it is asked for.</summary>
    LandedState,

    /// <summary>FLIGHT_INFORMATION once a second and nothing else.</summary>
    FlightInformation,

    /// <summary>Nothing but its position, its throttle and the armed bit.</summary>
    Motion,
}

/// <summary>Why the station does not hear the vehicle.</summary>
internal enum Silence
{
    /// <summary>The link is down.</summary>
    Link,

    /// <summary>The service is down; it starts again on what it has written.</summary>
    Service,

    /// <summary>The autopilot starts again.</summary>
    Reboot,
}

/// <summary>A sortie as it was flown, seconds from the story's begin.</summary>
internal sealed record TrueSortie(double ArmedFrom, double Takeoff, double Landing, double Disarmed);

/// <summary>A time with something in it.</summary>
internal readonly record struct StorySpan(double From, double To)
{
    public bool Holds(double at) => at >= From && at < To;
}

/// <summary>A time in the air, with the height it reaches.</summary>
internal readonly record struct AirSpan(double From, double To, double TopM)
{
    private const double Acceleration = 2;
    private const double Climb = 2.5;
    private const double Sink = 1;
    private const double CruiseMps = 5;

    /// <summary>The greatest height that a flight of this length has time for.</summary>
    public static double TopFor(double seconds) => Math.Clamp((seconds - 1.7) / 1.4, 0.5, 40);

    /// <summary>Height, climb and speed over ground at a moment of it.</summary>
    public (double HeightM, double ClimbMps, double SpeedMps) At(double at)
    {
        var t = at - From;
        var faster = Climb / Acceleration;
        var (up, climb) = t < faster ? (Acceleration * t * t / 2, Acceleration * t) : ((Climb * faster / 2) + (Climb * (t - faster)), Climb);
        var down = Sink * (To - at);
        return up <= TopM && up <= down ? (up, climb, 0)
            : down <= TopM ? (down, -Sink, 0)
            : (TopM, 0, To - From > 12 ? CruiseMps : 0);
    }
}

/// <summary>Some flights of one vehicle, made up from a seed, with the truth about them: what was flown, and what of it a station could hear.
/// Pure data; <see cref="StoryTeller"/> says it in MAVLink.</summary>
internal sealed class FlightStory
{
    private const double RunUpS = 8;
    private readonly Random _random;
    private readonly StoryOptions _options;
    private double _at;

    private FlightStory(int seed, StoryOptions options)
    {
        Seed = seed;
        _options = options;
        _random = new Random(seed);
        Evidence = options.Evidence ?? (_random.Next(10) switch { < 6 => Evidence.LandedState, < 7 => Evidence.FlightInformation, _ => Evidence.Motion });
        IsLossy = options.MayLose && _random.Next(10) == 0;
        HasSecondLink = options.HasFaults && _random.Next(4) == 0;
        SecondLinkLateS = _random.Next(2) == 0 ? 0.005 : 0.1 + (_random.NextDouble() * 0.3);
        BootMs = Evidence != Evidence.FlightInformation && _random.Next(8) == 0 ? uint.MaxValue - (uint)_random.Next(90_000) : (uint)_random.Next(2_000, 90_000_000);
    }

    public int Seed { get; }

    public Evidence Evidence { get; }

    /// <summary>One frame in ten is lost or comes late: no moment is sure to a fifth of a second.</summary>
    public bool IsLossy { get; }

    /// <summary>A second link, counted by itself, tells the same later.</summary>
    public bool HasSecondLink { get; }

    public double SecondLinkLateS { get; }

    /// <summary>time_boot_ms at the story's begin.</summary>
    public uint BootMs { get; }

    public List<TrueSortie> Sorties { get; } = [];

    /// <summary>Motors running, motor tests among them.</summary>
    public List<StorySpan> Armed { get; } = [];

    public List<AirSpan> Air { get; } = [];

    public List<(StorySpan Span, Silence Why)> Silences { get; } = [];

    /// <summary>When the system's clock of the station was set, and by how much.</summary>
    public List<(double At, TimeSpan By)> ClockSteps { get; } = [];

    /// <summary>When the first of two links is down and the second tells alone.</summary>
    public List<StorySpan> FirstLinkDown { get; } = [];

    /// <summary>When the autopilot started; the first is the story's begin.</summary>
    public List<double> Boots { get; } = [];

    /// <summary>The landed state is not known for a moment after the landing, and told a second time.</summary>
    public List<StorySpan> Undefined { get; } = [];

    public double EndS { get; private set; }

    /// <summary>When a station could first know that a vehicle heard in the air is there; told by the teller.</summary>
    public double FirstShownInAirS { get; set; }

    /// <summary>When its first heartbeat is sent; told by the teller.</summary>
    public double FirstBeatS { get; set; }

    /// <summary>Makes one up.</summary>
    public static FlightStory Of(int seed, StoryOptions options)
    {
        var story = new FlightStory(seed, options);
        story.Tell();
        return story;
    }

    /// <summary>Whether nothing was heard of the moment at which something happened.</summary>
    public bool IsUnheard(double at) => Silences.Exists(silence => at > silence.Span.From - 0.3 && at < silence.Span.To + 0.1);

    private void Tell()
    {
        _at = RunUpS;
        for (var i = 0; i < _options.Turns; i++)
        {
            var startsInAir = i == 0 && _options.MayStartInAir && _random.Next(5) == 0;
            switch (_random.Next(20))
            {
                case 0 when !startsInAir:
                    GroundRun();
                    break;
                case 1 when !startsInAir:
                    MotorTest();
                    break;
                case < 6:
                    Fly(_random.Next(2, 5), Between(8, 30), startsInAir);
                    break;
                case < 8:
                    Fly(1, Between(Evidence == Evidence.Motion ? 7 : 2.5, 9), startsInAir);
                    break;
                default:
                    Fly(1, Between(15, 60), startsInAir);
                    break;
            }

            _at += Between(7, 12);
        }

        EndS = _at;
    }

    private void GroundRun()
    {
        Armed.Add(new(_at, _at += Between(3, 12)));
    }

    private void MotorTest()
    {
        Armed.Add(new(_at, _at += Between(1.5, 4)));
    }

    /// <summary>One arming with as many take-offs as asked.</summary>
    private void Fly(int hops, double length, bool startsInAir)
    {
        // Before the story's begin: what the station hears first is a vehicle in the air.
        var armedFrom = startsInAir ? -20 : _at;
        var takeoff = startsInAir ? -12 : _at + Between(1.5, 5);
        var hopFrom = armedFrom;
        for (var hop = 1; ; hop++)
        {
            var landing = takeoff + (startsInAir && hop == 1 ? 12 + length : length);
            var isLast = hop == hops;
            if (_options.HasFaults && length >= 25 && _random.Next(2) == 0 && !(startsInAir && hop == 1) && Trouble(takeoff, ref landing, ref isLast))
                break;
            Air.Add(new(takeoff, landing, AirSpan.TopFor(landing - takeoff)));
            if (Evidence == Evidence.LandedState && _random.Next(6) == 0)
                Undefined.Add(new(landing + 0.5, landing + 1.2));
            if (isLast)
            {
                Disarm(armedFrom, hopFrom, takeoff, landing, landing + Between(1.5, 6));
                break;
            }

            Sorties.Add(new(hopFrom, takeoff, landing, landing));
            hopFrom = landing;
            takeoff = landing + (Evidence switch { Evidence.LandedState => Between(1.5, 6), Evidence.FlightInformation => Between(2.5, 6), _ => Between(4.5, 8) });
        }

        void Disarm(double from, double cutFrom, double up, double down, double at)
        {
            Sorties.Add(new(cutFrom, up, down, at));
            Armed.Add(new(from, at));
            _at = at;
        }

        bool Trouble(double up, ref double down, ref bool isLast)
        {
            var middle = up + ((down - up) * Between(0.3, 0.6));
            switch (_random.Next(8))
            {
                case 0:
                    Silences.Add((new(middle, middle + Between(2, 9)), Silence.Link));
                    return false;
                case 1 when ClockSteps.Count == 0 && _options.MayRestart:
                    Silences.Add((new(middle, middle + Between(4, 9)), Silence.Service));
                    return false;
                case 2 when Evidence != Evidence.FlightInformation:
                    var back = middle + Between(0.8, 2.5);
                    Silences.Add((new(middle, back), Silence.Reboot));
                    Boots.Add(back - 0.7);
                    return false;
                case 3 when !Silences.Exists(silence => silence.Why == Silence.Service):
                    ClockSteps.Add((middle, TimeSpan.FromHours(_random.Next(4) switch { 0 => 1, 1 => -1, 2 => 24 * 3652, _ => -0.01 })));
                    return false;
                case 4 when HasSecondLink && SecondLinkLateS < 0.05:
                    FirstLinkDown.Add(new(middle, middle + Between(3, 8)));
                    return false;
                case 5:
                    // It comes down, and is switched off, where nobody hears it.
                    var disarmed = down + Between(1.5, 4);
                    Silences.Add((new(down - Between(3, 6), _random.Next(2) == 0 ? down + 1 : disarmed + 2), _options.MayRestart && ClockSteps.Count == 0 && _random.Next(2) == 0 ? Silence.Service : Silence.Link));
                    Air.Add(new(up, down, AirSpan.TopFor(down - up)));
                    Disarm(armedFrom, hopFrom, up, down, disarmed);
                    return true;
                case 6 when Evidence == Evidence.LandedState:
                    // It loses its power and falls; when it is heard again, it stands on the ground.
                    down = middle + Between(0.5, 2);
                    Air.Add(new(up, down, AirSpan.TopFor(down - up)));
                    Silences.Add((new(middle, middle + Between(6, 15)), Silence.Reboot));
                    Boots.Add(Silences[^1].Span.To - 0.7);
                    Disarm(armedFrom, hopFrom, up, down, down);
                    _at = Silences[^1].Span.To + 2;
                    return true;
                case 7:
                    // The link is down while it takes off.
                    Silences.Add((new(up - 1.2, up + Between(1, 6)), Silence.Link));
                    return false;
                default:
                    return false;
            }
        }
    }

    private double Between(double least, double most) => least + (_random.NextDouble() * (most - least));
}

/// <summary>What stories are made up of.</summary>
/// <param name="Turns">Armings in a story.</param>
/// <param name="HasFaults">Links, services and autopilots fail.</param>
/// <param name="MayRestart">The service among them.</param>
/// <param name="MayLose">Some stories lose a tenth of their frames.</param>
/// <param name="MayStartInAir">Some begin in the air.</param>
/// <param name="Evidence">How the vehicle shows that it flies; null for any way.</param>
internal sealed record StoryOptions(int Turns, bool HasFaults, bool MayRestart, bool MayLose, bool MayStartInAir, Evidence? Evidence)
{
    /// <summary>Everything that may happen.</summary>
    public static readonly StoryOptions Everything = new(4, true, true, true, true, null);
}

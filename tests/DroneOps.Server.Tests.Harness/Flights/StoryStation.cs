using DroneOps.Mavlink;
using DroneOps.Server.Cluster;
using DroneOps.Server.Sorties;
using DroneOps.Vehicles;

namespace DroneOps.Server.Tests.Harness.Flights;

/// <summary>The way from frames to sorties without the service around it: the vehicle's conversation, the recorder, the steady clock, and what
/// a service that is killed finds again of what it had written.</summary>
internal sealed class StoryStation : IStoryListener
{
    public static readonly DateTimeOffset Begin = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private const double WriteEveryS = 10;
    private readonly byte _systemId;
    private readonly SetClock _system;
    private readonly List<SortieDraft> _closed = [];
    private SteadyClock _clock;
    private Vehicle _vehicle;
    private SortieRecorder _recorder = new();
    private SortieRecord? _written;
    private double _writtenAt;

    public StoryStation(FlightStory story, byte systemId)
        : this(story, systemId, Begin)
    {
    }

    public StoryStation(FlightStory story, byte systemId, DateTimeOffset begin)
    {
        _systemId = systemId;
        _system = new SetClock(story, begin);
        _clock = new SteadyClock(_system);
        _vehicle = NewVehicle();
    }

    /// <summary>The sorties that it made, the one that is still open last.</summary>
    public IReadOnlyList<SortieDraft> Sorties => _recorder.Current is { } open ? [.. _closed, open] : _closed;

    /// <summary>Called with each fact, in its order.</summary>
    public Action<VehicleFact>? OnFact { get; init; }

    /// <summary>Tells a story to a station of its own.</summary>
    public static IReadOnlyList<SortieDraft> Hear(FlightStory story)
    {
        var station = new StoryStation(story, 1);
        new StoryTeller(story, 1).Tell(station);
        return station.Sorties;
    }

    public void OnFrame(double at, int link, ReadOnlySpan<byte> frame)
    {
        _system.At = at;
        Assert.True(MavlinkFrame.TryParse(frame, MessageCatalog.Default, out var parsed));
        _vehicle.OnMessage(parsed, _clock.GetUtcNow(), link);
        Drain(at);
    }

    public void OnTick(double at)
    {
        _system.At = at;
        _vehicle.Tick(_clock.GetUtcNow());
        Drain(at);
    }

    public void OnServiceDown(double at)
    {
    }

    public void OnServiceUp(double at)
    {
        _system.At = at;
        _clock = new SteadyClock(_system);
        _vehicle = NewVehicle();
        _recorder = _written is { } row ? new SortieRecorder(SortieDraft.Of(row)) : new SortieRecorder();
    }

    private Vehicle NewVehicle() => new(new("story", _systemId), new VehicleOptions { ListenOnly = true }, new(255, 190));

    private void Drain(double at)
    {
        while (_vehicle.TryTakeOutgoing(out _))
        {
            // Nobody is asked for anything.
        }

        while (_vehicle.TryTakeFact(out var fact))
        {
            OnFact?.Invoke(fact);
            var step = _recorder.Apply(fact);
            if (_recorder.LastClosed is { } closed)
            {
                _closed.Add(closed);
                _written = null;
            }

            if (_recorder.Current is not { } open)
                continue;
            if (step is SortieStep.Opened or SortieStep.Landed or SortieStep.Changed || at - _writtenAt >= WriteEveryS)
                (_written, _writtenAt) = (RowOf(open), at);
        }
    }

    private static SortieRecord RowOf(SortieDraft draft)
    {
        var row = new SortieRecord
        {
            Id = Guid.Empty,
            VehicleId = "1",
            VehicleName = "1",
            HardwareId = null,
            Firmware = null,
            SystemId = 1,
            Pilot = null,
            Purpose = null,
            TaskKind = null,
            TaskId = null,
            TaskLabel = null,
            DockId = null,
            TakeoffAt = draft.TakeoffAt,
            TakeoffSource = draft.TakeoffSource,
        };
        draft.WriteTo(row, hopS: 10);
        return row;
    }

    /// <summary>A clock that somebody sets, and a counter that nobody can.</summary>
    private sealed class SetClock(FlightStory story, DateTimeOffset begin) : TimeProvider
    {
        public double At { get; set; }

        public override long TimestampFrequency => 10_000_000;

        public override DateTimeOffset GetUtcNow() => story.ClockSteps.FindAll(step => step.At <= At).Aggregate(begin.AddSeconds(At), (now, step) => now + step.By);

        public override long GetTimestamp() => (long)(At * TimestampFrequency);
    }
}

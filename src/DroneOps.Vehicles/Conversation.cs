using DroneOps.Mavlink;
using DroneOps.Vehicles.Autopilots;

namespace DroneOps.Vehicles;

/// <summary>What the protocols of one vehicle share: who talks to whom, what is known, where messages and facts go, and what time it is.
/// Owned by the vehicle's loop like everything in here.</summary>
internal sealed class Conversation
{
    private const int KeptTexts = 16;

    private readonly Queue<(DateTimeOffset At, Mavlink.Messages.MavSeverity Severity, string Text)> _texts = new(KeptTexts);
    private int _lastTicket;
    private int _lastSendId;

    public Conversation(VehicleKey key, VehicleOptions options, MavlinkAddress self)
    {
        Key = key;
        Options = options;
        Self = self;
        Outbox = new(options);
        Facts = new(options.FactCapacity);
    }

    public VehicleKey Key { get; }

    public VehicleOptions Options { get; }

    /// <summary>Our own address.</summary>
    public MavlinkAddress Self { get; }

    public Outbox Outbox { get; }

    public FactQueue Facts { get; }

    public VehicleState State { get; } = new();

    public Autopilot Autopilot { get; set; } = Generic.Instance;

    /// <summary>The component that is the autopilot.</summary>
    public byte Component { get; set; } = 1;

    /// <summary>The latest time heard of, by frame or by tick.</summary>
    public DateTimeOffset Now { get; private set; }

    public void Advance(DateTimeOffset now)
    {
        if (now > Now)
            Now = now;
    }

    public int NextTicket() => ++_lastTicket;

    public int NextSendId() => ++_lastSendId;

    public void Tell(VehicleFact fact) => Facts.Add(fact);

    /// <summary>Whether an answer is meant for us: addressed to us, or (by older senders) to nobody.</summary>
    public bool IsForUs(byte targetSystem, byte targetComponent) =>
        targetSystem == 0 || (targetSystem == Self.SystemId && (targetComponent == 0 || targetComponent == Self.ComponentId));

    /// <summary>Why nothing can be sent now; null where it can.</summary>
    public (NotSentReason Reason, string Note)? Obstacle()
    {
        if (Options.ListenOnly)
            return (NotSentReason.NotSupported, "this station only listens");
        if (State.Link == VehicleLinkState.NeverHeard)
            return (NotSentReason.LinkLost, "the vehicle was never heard");
        if (State.Link == VehicleLinkState.Lost)
            return (NotSentReason.LinkLost, "the link is lost");
        return State.IdentityConflict
            ? (NotSentReason.IdentityConflict, "two vehicles answer under this system id")
            : null;
    }

    public void Remember(DateTimeOffset at, Mavlink.Messages.MavSeverity severity, string text)
    {
        if (_texts.Count == KeptTexts)
            _texts.Dequeue();
        _texts.Enqueue((at, severity, text));
    }

    /// <summary>The autopilot's texts around a refusal. They come before or just after it, several for one; what it merely informs of
    /// counts only where nothing graver was said.</summary>
    public string? TextsAround(DateTimeOffset at)
    {
        var near = _texts.Where(t => (t.At - at).Duration() <= Options.ReasonWindow).ToList();
        var grave = near.Where(t => t.Severity <= Mavlink.Messages.MavSeverity.Notice).ToList();
        var texts = (grave.Count > 0 ? grave : near).Select(t => t.Text).Distinct(StringComparer.Ordinal);
        var joined = string.Join("; ", texts);
        return joined.Length == 0 ? null : joined;
    }
}

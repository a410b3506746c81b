namespace DroneOps.Server.Alarms;

/// <summary>What people keep quiet: shelves, which end by themselves, and what is out of service, which does not.</summary>
internal sealed partial class AlarmBook
{
    /// <summary>Holds at a time; so many put aside is a matter for the design, not for another shelf.</summary>
    public const int MostHeld = 500;

    private readonly List<HeldAlarm> _held = [];

    /// <summary>The holds changed. Handlers must return at once.</summary>
    public event Action? HoldsChanged;

    /// <summary>What is held, newest first.</summary>
    public IReadOnlyList<HeldAlarm> Held
    {
        get
        {
            lock (_gate)
                return [.. _held.OrderByDescending(held => held.At)];
        }
    }

    /// <summary>Shelves whose time is over.</summary>
    public IReadOnlyList<HeldAlarm> Expired
    {
        get
        {
            var now = time.GetUtcNow();
            lock (_gate)
                return [.. _held.Where(held => held.Until <= now)];
        }
    }

    /// <summary>Keeps an alarm quiet; a hold of the same kind for the same takes the place of the old one.</summary>
    /// <returns>False when too many are held.</returns>
    public bool Hold(HeldAlarm held)
    {
        lock (_gate)
        {
            if (_held.Count >= MostHeld)
                return false;
            _held.RemoveAll(old => IsSame(old, held));
            _held.Add(held);
            foreach (var alarm in Covered(held))
                Set(alarm with { Held = HeldBy(alarm.Code, alarm.Subject), Life = alarm.Life.Hold(held.Kind) });
            HoldsChanged?.Invoke();
            return true;
        }
    }

    /// <summary>Ends a hold; what it kept quiet and still holds calls for attention, unless another hold keeps it.</summary>
    /// <returns>False when there is no such hold.</returns>
    public bool Lift(HeldAlarm held)
    {
        lock (_gate)
        {
            if (_held.RemoveAll(old => IsSame(old, held)) == 0)
                return false;
            var now = time.GetUtcNow();
            foreach (var alarm in Covered(held))
            {
                if (_held.Exists(other => other.Kind == held.Kind && other.Covers(alarm.Code, alarm.Subject)))
                    continue;
                var lifted = alarm with { Held = HeldBy(alarm.Code, alarm.Subject), Life = alarm.Life.Lift(held.Kind) };
                if (lifted.IsGroup && lifted.Life.CallsForAttention)
                    lifted = lifted with { AnnunciatedAt = lifted.AnnunciatedAt ?? now };
                Call(lifted, now);
            }

            HoldsChanged?.Invoke();
            return true;
        }
    }

    private List<Alarm> Covered(HeldAlarm held) => [.. _alarms.Values.Where(alarm => alarm.State != AlarmState.Normal && held.Covers(alarm.Code, alarm.Subject))];

    /// <summary>The hold that ends last: what is out of service goes before what is shelved.</summary>
    private HeldAlarm? HeldBy(string code, string subject) => _held.Where(held => held.Covers(code, subject)).MaxBy(held => held.Kind);

    private AlarmHold HoldsOn(string code, string subject) => _held.Where(held => held.Covers(code, subject)).Aggregate(AlarmHold.None, (all, held) => all | held.Kind);

    private static bool IsSame(HeldAlarm one, HeldAlarm other) => one.Code == other.Code && one.Subject == other.Subject && one.Kind == other.Kind;
}

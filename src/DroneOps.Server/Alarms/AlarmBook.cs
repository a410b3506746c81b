using Microsoft.Extensions.Options;

namespace DroneOps.Server.Alarms;

/// <summary>The alarms: begun and ended by conditions, acknowledged, shelved and taken out of service by people, put together when they are many.</summary>
/// <remarks>Owner of all alarms, safe to share; what reaches the store and the feed leaves by <see cref="Changed"/>.</remarks>
internal sealed partial class AlarmBook(SuppressionRules rules, TimeProvider time, IOptions<AlarmsOptions> options)
{
    /// <summary>Alarms that are kept here; beyond it the oldest that is settled goes first. The store has all.</summary>
    public const int Kept = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Alarm> _alarms = [];
    private readonly Dictionary<(string Code, string Subject), AlarmPoint> _points = [];
    private readonly AlarmsOptions _options = options.Value;
    private readonly FloodGauge _flood = new(options.Value.FloodAbove);

    /// <summary>An alarm began or changed. Handlers must return at once: they run under the gate, so that the last change comes last.</summary>
    public event Action<Alarm>? Changed;

    /// <summary>Alarms nobody has acknowledged, oldest first.</summary>
    public IReadOnlyList<Alarm> Open => Select(alarm => alarm.Life.CallsForAttention);

    /// <summary>Alarms that a person may still have to do with, and those that are held, oldest first.</summary>
    public IReadOnlyList<Alarm> Standing => Select(alarm => alarm.Stands);

    /// <summary>All alarms that are kept, oldest first.</summary>
    public IReadOnlyList<Alarm> All => Select(_ => true);

    /// <summary>Alarms that called in the last ten minutes.</summary>
    public int CallsIn10Minutes
    {
        get
        {
            lock (_gate)
            {
                _flood.Look(time.GetUtcNow());
                return _flood.Count;
            }
        }
    }

    /// <summary>One alarm, or null.</summary>
    public Alarm? Find(Guid id)
    {
        lock (_gate)
            return _alarms.GetValueOrDefault(id);
    }

    /// <summary>Puts back what the store kept.</summary>
    public void Restore(IEnumerable<Alarm> alarms, IEnumerable<HeldAlarm> held)
    {
        lock (_gate)
        {
            _held.AddRange(held);
            foreach (var alarm in alarms.OrderBy(alarm => alarm.Id))
            {
                _alarms[alarm.Id] = alarm;
                if (alarm.State != AlarmState.Normal)
                    PointOf(alarm.Code, alarm.Subject).AlarmId = alarm.Id;
                if (alarm.AnnunciatedAt is { } at && time.GetUtcNow() - at < FloodGauge.Window)
                    _flood.Add(at);
            }
        }
    }

    /// <summary>Takes in what holds or does not hold.</summary>
    public void Apply(Condition condition)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (condition is Condition.Raise raise)
                Begin(raise, now);
            else
                End(condition, now);
        }
    }

    /// <summary>Time has passed: delays run out, floods end, the design's reasons come and go.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _flood.Look(now);
            foreach (var point in _points.Values.ToList())
            {
                if (point.Beginning is { } beginning && beginning.Due <= now)
                {
                    point.Beginning = null;
                    Start(point, beginning.Condition, now);
                }

                if (point.Ending is { } ending && ending.Due <= now)
                    Finish(point, ending.At);
                if (AlarmOf(point) is null or { State: AlarmState.Normal } && point.IsIdle(now))
                    _points.Remove((point.Code, point.Subject));
            }

            foreach (var alarm in _alarms.Values.Where(alarm => alarm.State != AlarmState.Normal).ToList())
                Suppress(alarm, now);
        }
    }

    /// <summary>One alarm as it is now, a group with its members; null when there is none.</summary>
    public Sighting? See(Guid id)
    {
        lock (_gate)
            return _alarms.TryGetValue(id, out var alarm) ? new(alarm, MembersOf(id)) : null;
    }

    /// <summary>A person has seen one alarm; a group's members with it. What joined the group, got worse or came again since then he has not seen: that goes
    /// on calling, and its group with it.</summary>
    /// <returns>The alarm as it is now; null when it is not kept any more.</returns>
    public Alarm? Acknowledge(Sighting seen, string actor)
    {
        lock (_gate)
        {
            foreach (var then in seen.Calling.Where(alarm => !alarm.IsGroup))
            {
                if (_alarms.TryGetValue(then.Id, out var alarm) && !alarm.IsMoreThan(then))
                    AcknowledgeOne(alarm, actor);
            }

            var group = seen.Alarm.IsGroup ? seen.Alarm.Id : _alarms.GetValueOrDefault(seen.Alarm.Id)?.GroupId;
            if (group is { } id && _alarms.GetValueOrDefault(id) is { } whole && !MembersOf(id).Any(member => member.Life.CallsForAttention))
                AcknowledgeOne(whole, actor);
            return _alarms.GetValueOrDefault(seen.Alarm.Id);
        }
    }

    private void Begin(Condition.Raise raise, DateTimeOffset now)
    {
        var point = PointOf(raise.Code, raise.Subject);
        if (AlarmOf(point) is { Life.IsActive: true } alarm)
            Continue(point, alarm, raise, now);
        else if (_options.OnDelayS == 0 || raise.Priority == AlarmPriority.Warning)
            Start(point, raise, now);
        else
            point.Beginning ??= (raise, now.AddSeconds(_options.OnDelayS));
    }

    /// <summary>It is there already: it got worse, came back before it was over, or simply goes on.</summary>
    private void Continue(AlarmPoint point, Alarm alarm, Condition.Raise raise, DateTimeOffset now)
    {
        var isAgain = point.Ending is not null || AlarmCatalog.IsOccasion(alarm.Code);
        var isWorse = raise.Priority < alarm.Priority;
        point.Ending = null;
        if (!isAgain && !isWorse)
            return;
        var next = alarm with { Life = alarm.Life.Raise(isWorse) };
        if (isWorse)
            next = next with { Priority = raise.Priority, Text = raise.Text, AcknowledgedAt = null, AcknowledgedBy = null };
        if (isAgain)
            next = Again(point, next, now);
        if (isWorse)
            Call(next, now);
        else
            Set(next);
    }

    private void Start(AlarmPoint point, Condition.Raise raise, DateTimeOffset now)
    {
        point.Beginning = null;
        point.Ending = null;
        var last = AlarmOf(point);
        if (last is not null && last.State != AlarmState.Normal)
        {
            // Not acknowledged, or held: the same alarm comes again (D to B).
            Call(Again(point, last with { Life = last.Life.Raise(isWorse: false), ClearedAt = null, Priority = raise.Priority, Text = raise.Text }, now), now);
            return;
        }

        var suppressed = rules.ReasonFor(raise.Code, raise.VehicleId);
        var life = AlarmLife.Normal.Hold(HoldsOn(raise.Code, raise.Subject) | (suppressed is null ? AlarmHold.None : AlarmHold.Suppressed)).Raise(isWorse: false);
        var alarm = Add(point, new Alarm
        {
            Id = Guid.CreateVersion7(now),
            Code = raise.Code,
            Subject = raise.Subject,
            VehicleId = raise.VehicleId,
            IncidentId = raise.IncidentId,
            Cause = raise.Cause,
            Priority = raise.Priority,
            Text = raise.Text,
            At = raise.At,
            Life = life,
            Held = HeldBy(raise.Code, raise.Subject),
            SuppressedFor = suppressed,
        });
        point.Came(now);
        Call(alarm, now);
    }

    private Alarm Again(AlarmPoint point, Alarm alarm, DateTimeOffset now) =>
        alarm with { Occasions = alarm.Occasions + 1, IsChattering = alarm.IsChattering | (point.Came(now) >= _options.ChatterTimes) };

    private void End(Condition condition, DateTimeOffset now)
    {
        if (!_points.TryGetValue((condition.Code, condition.Subject), out var point))
            return;
        point.Beginning = null;
        if (AlarmOf(point) is not { Life.IsActive: true } alarm || point.Ending is not null)
            return;
        var delay = alarm.IsChattering ? AlarmPoint.ChatterWindow : TimeSpan.FromSeconds(_options.OffDelayS);
        point.Ending = (condition.At, now + delay);
        if (delay == TimeSpan.Zero)
            Finish(point, condition.At);
    }

    private void Finish(AlarmPoint point, DateTimeOffset at)
    {
        point.Ending = null;
        if (AlarmOf(point) is { Life.IsActive: true } alarm)
        {
            Set(alarm with { Life = alarm.Life.Clear(), ClearedAt = at });
            EndGroup(alarm.GroupId, at);
        }
    }

    private void AcknowledgeOne(Alarm alarm, string actor)
    {
        if (!alarm.Life.CallsForAttention)
            return;
        var now = time.GetUtcNow();
        var life = alarm.Life.Acknowledge();
        var isOccasion = AlarmCatalog.IsOccasion(alarm.Code) && !alarm.IsGroup;
        Set(alarm with { Life = isOccasion ? life.Clear() : life, AcknowledgedAt = now, AcknowledgedBy = actor, ClearedAt = isOccasion ? now : alarm.ClearedAt });
        if (isOccasion)
            EndGroup(alarm.GroupId, now);
    }

    private void Suppress(Alarm alarm, DateTimeOffset now)
    {
        var reason = rules.ReasonFor(alarm.Code, alarm.VehicleId);
        if (reason is null == alarm.SuppressedFor is null)
            return;
        if (reason is null)
            Call(alarm with { SuppressedFor = null, Life = alarm.Life.Lift(AlarmHold.Suppressed) }, now);
        else
            Set(alarm with { SuppressedFor = reason, Life = alarm.Life.Hold(AlarmHold.Suppressed) });
    }

    private Alarm Add(AlarmPoint point, Alarm alarm)
    {
        point.AlarmId = alarm.Id;
        _alarms.Add(alarm.Id, alarm);
        if (_alarms.Count > Kept && _alarms.Values.Where(old => old.State == AlarmState.Normal).MinBy(old => old.Id) is { } settled)
            _alarms.Remove(settled.Id);
        return alarm;
    }

    private void Set(Alarm alarm)
    {
        _alarms[alarm.Id] = alarm;
        Changed?.Invoke(alarm);
    }

    private AlarmPoint PointOf(string code, string subject)
    {
        if (!_points.TryGetValue((code, subject), out var point))
            _points.Add((code, subject), point = new AlarmPoint(code, subject));
        return point;
    }

    private Alarm? AlarmOf(AlarmPoint point) => point.AlarmId is { } id ? _alarms.GetValueOrDefault(id) : null;

    private IReadOnlyList<Alarm> Select(Func<Alarm, bool> which)
    {
        lock (_gate)
            return [.. _alarms.Values.Where(which).OrderBy(alarm => alarm.Id)];
    }
}

using System.Globalization;

namespace DroneOps.Server.Alarms;

/// <summary>Many alarms of one cause are one alarm, and in a flood what is not a warning is put together.</summary>
internal sealed partial class AlarmBook
{
    private const string FloodSubject = "alarms";

    /// <summary>An alarm calls, by itself or through the group that speaks for it; one that is held or acknowledged does not.</summary>
    private void Call(Alarm alarm, DateTimeOffset now)
    {
        if (!alarm.Life.CallsForAttention || alarm.IsGroup)
        {
            Set(alarm);
        }
        else if (GroupOf(alarm, now) is { } group)
        {
            Set(alarm with { GroupId = group.Id });
            Grow(group);
        }
        else
        {
            Set(alarm with { GroupId = null, AnnunciatedAt = alarm.AnnunciatedAt ?? now });
            _flood.Add(now);
        }
    }

    /// <summary>The group that an alarm belongs to, made when there is a reason for one; null when it stands for itself.</summary>
    private Alarm? GroupOf(Alarm alarm, DateTimeOffset now)
    {
        if (alarm.Cause is { } cause)
        {
            var point = PointOf(alarm.Code, cause);
            if (AlarmOf(point) is { Life.IsActive: true } whole)
                return whole;
            List<Alarm> peers = [.. _alarms.Values.Where(peer =>
                peer.Id != alarm.Id && peer.Code == alarm.Code && peer.Cause == cause && peer is { IsGroup: false, GroupId: null, Life: { IsActive: true, Holds: AlarmHold.None } }
                && now - peer.At <= TimeSpan.FromSeconds(_options.GroupWindowS))];
            if (peers.Count + 1 >= _options.GroupFrom)
                return Gather(point, alarm, peers, now);
        }

        if (!_flood.IsFlood || alarm.Priority == AlarmPriority.Warning)
            return null;
        var flood = PointOf(AlarmCatalog.Flood, FloodSubject);
        return AlarmOf(flood) is { Life.IsActive: true } present ? present : Gather(flood, alarm, [], now);
    }

    private Alarm Gather(AlarmPoint point, Alarm first, List<Alarm> peers, DateTimeOffset now)
    {
        var held = HeldBy(point.Code, point.Subject);
        var group = Add(point, new Alarm
        {
            Id = Guid.CreateVersion7(now),
            Code = point.Code,
            Subject = point.Subject,
            VehicleId = "",
            IncidentId = null,
            Cause = null,
            Priority = first.Priority,
            Text = "",
            At = peers.Select(peer => peer.At).Append(first.At).Min(),
            Life = AlarmLife.Normal.Hold(HoldsOn(point.Code, point.Subject)).Raise(isWorse: false),
            Held = held,
            AnnunciatedAt = held is null ? now : null,
            Members = peers.Count + 1,
        });
        foreach (var peer in peers)
            Set(peer with { GroupId = group.Id });
        if (held is null)
            _flood.Add(now);
        return group;
    }

    /// <summary>One more belongs to it: that is news, and asks again.</summary>
    private void Grow(Alarm group)
    {
        List<Alarm> members = [.. MembersOf(group.Id)];
        Set(group with
        {
            Members = members.Count,
            Priority = members.Min(member => member.Priority),
            Text = string.Create(CultureInfo.InvariantCulture, $"{members.Count} at once ({group.Subject}): {AlarmCatalog.NameOf(group.Code)}."),
            Life = group.Life.Raise(isWorse: true),
            AcknowledgedAt = null,
            AcknowledgedBy = null,
        });
    }

    /// <summary>A group is over when the last of its members is.</summary>
    private void EndGroup(Guid? id, DateTimeOffset at)
    {
        if (id is { } known && _alarms.GetValueOrDefault(known) is { Life.IsActive: true } group && !MembersOf(known).Any(member => member.Life.IsActive))
            Set(group with { Life = group.Life.Clear(), ClearedAt = at });
    }

    private List<Alarm> MembersOf(Guid group) => [.. _alarms.Values.Where(alarm => alarm.GroupId == group)];
}

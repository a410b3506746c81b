using System.Buffers;
using System.Text.Json;
using DroneOps.Server.Fleet;

namespace DroneOps.Server.Feed;

/// <summary>A vehicle's snapshot as the feed sends it: whole, or what changed since an earlier one. Each form is made once, when the
/// first client needs it, and then shared by all. Safe to share.</summary>
internal sealed class VehicleBody
{
    // Clients with other rates stand at other snapshots; beyond a few there is little to share.
    private const int KeptChanges = 4;

    private readonly Lock _gate = new();
    private readonly List<(VehicleBody Before, Encoded Changes)> _changes = [];
    private readonly Lazy<Range[]> _members;

    /// <param name="vehicle">What it is a snapshot of.</param>
    /// <param name="number">Grows with every snapshot that is made.</param>
    /// <param name="json">How things are spelled.</param>
    public VehicleBody(FleetVehicle vehicle, long number, JsonSerializerOptions json)
    {
        (Vehicle, Number) = (vehicle, number);
        Whole = new(() => VehicleView.Of(vehicle), json);
        _members = new(() => MembersOf(Whole.Json));
    }

    /// <summary>What it is a snapshot of.</summary>
    public FleetVehicle Vehicle { get; }

    /// <summary>Of two snapshots of a vehicle the one with the greater number is newer.</summary>
    public long Number { get; }

    /// <summary>Every member.</summary>
    public Encoded Whole { get; }

    /// <summary>The id and the members that differ from an earlier snapshot of the same vehicle.</summary>
    public Encoded Since(VehicleBody before)
    {
        lock (_gate)
        {
            foreach (var (known, changes) in _changes)
            {
                if (ReferenceEquals(known, before))
                    return changes;
            }

            Encoded made = new(Difference(before, this));
            if (_changes.Count == KeptChanges)
                _changes.RemoveAt(0);
            _changes.Add((before, made));
            return made;
        }
    }

    /// <summary>Whether this tells more than motion: something that a person waits for, and that must not wait for the vehicle's turn.</summary>
    public bool IsNewsAfter(VehicleBody before)
    {
        var (now, then) = (Vehicle, before.Vehicle);
        return now.Snapshot.Armed != then.Snapshot.Armed
            || now.Snapshot.InAir != then.Snapshot.InAir
            || now.Snapshot.Mode != then.Snapshot.Mode
            || now.Snapshot.Link != then.Snapshot.Link
            || now.Control != then.Control
            || now.Assignment != then.Assignment
            || now.GroundedFor != then.GroundedFor;
    }

    private static byte[] Difference(VehicleBody before, VehicleBody after)
    {
        var old = before.Whole.Json;
        var json = after.Whole.Json;
        var (oldMembers, members) = (before._members.Value, after._members.Value);
        ArrayBufferWriter<byte> changes = new(json.Length);
        changes.Write("{"u8);
        for (var i = 0; i < members.Length; i++)
        {
            // Both were written from the same record, so members stand in the same order; the first is the id.
            if (i > 0 && json[members[i]].SequenceEqual(old[oldMembers[i]]))
                continue;
            if (i > 0)
                changes.Write(","u8);
            changes.Write(json[members[i]]);
        }

        changes.Write("}"u8);
        return changes.WrittenSpan.ToArray();
    }

    /// <summary>Where each member of an object lies, name and value.</summary>
    private static Range[] MembersOf(ReadOnlySpan<byte> json)
    {
        List<Range> members = [];
        Utf8JsonReader reader = new(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Read();
            reader.Skip();
            members.Add(start..(int)reader.BytesConsumed);
        }

        return [.. members];
    }
}

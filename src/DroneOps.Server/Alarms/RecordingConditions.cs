using DroneOps.Server.Fleet;
using DroneOps.Server.Video.Recording;

namespace DroneOps.Server.Alarms;

/// <summary>Whether what should be recorded is recorded, and whether there is room for it. Video stops before the audit log does, so it is here that a person
/// hears of a disk first. Owner: the loop of the alarms' sources.</summary>
internal sealed class RecordingConditions(DiskRoom room, RecordingDesk recordings, VehicleBoard vehicles, TimeProvider time)
{
    private const string RoomSubject = "video/room";

    private readonly HashSet<string> _owed = new(StringComparer.Ordinal);

    public IEnumerable<Condition> Look()
    {
        var now = time.GetUtcNow();
        var level = room.Level;
        yield return level == RoomLevel.Full
            ? new Condition.Raise(AlarmCatalog.VideoRoomFull, RoomSubject, now, AlarmPriority.Warning, $"There is no room for recordings: {room.Describe()}. Nothing is recorded.")
            : new Condition.Clear(AlarmCatalog.VideoRoomFull, RoomSubject, now);
        yield return level == RoomLevel.Low
            ? new Condition.Raise(AlarmCatalog.VideoRoomLow, RoomSubject, now, AlarmPriority.Caution, $"Soon there is no room for recordings: {room.Describe()}.")
            : new Condition.Clear(AlarmCatalog.VideoRoomLow, RoomSubject, now);

        var owed = recordings.Owed;
        foreach (var stream in owed)
        {
            _owed.Add(stream.Id);
            var name = vehicles.Find(stream.Settings.VehicleId)?.Name ?? stream.Settings.VehicleId;
            yield return new Condition.Raise(AlarmCatalog.NotRecorded, $"video/{stream.Id}", now, AlarmPriority.Caution, $"{name}: the camera {stream.Id} is not recorded.") { VehicleId = stream.Settings.VehicleId };
        }

        foreach (var id in _owed.Where(id => owed.All(stream => stream.Id != id)).ToList())
        {
            _owed.Remove(id);
            yield return new Condition.Clear(AlarmCatalog.NotRecorded, $"video/{id}", now);
        }
    }
}

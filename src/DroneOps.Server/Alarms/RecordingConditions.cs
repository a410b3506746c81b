using DroneOps.Server.CameraRules;
using DroneOps.Server.Fleet;
using DroneOps.Server.Video.Recording;

namespace DroneOps.Server.Alarms;

/// <summary>Whether what should be recorded is recorded, whether cameras do their duty, and whether there is room. Video stops before the audit log does, so it is here that a person
/// hears of a disk first. Owner: the loop of the alarms' sources.</summary>
internal sealed class RecordingConditions(DiskRoom room, RecordingDesk recordings, BreachBook breaches, VehicleBoard vehicles, TimeProvider time)
{
    private const string RoomSubject = "video/room";

    private readonly HashSet<string> _owed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _breached = new(StringComparer.Ordinal);

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
            yield return new Condition.Raise(AlarmCatalog.NotRecorded, $"video/{stream.Id}", now, AlarmPriority.Caution, $"{NameOf(stream.Settings.VehicleId)}: the camera {stream.Id} is not recorded.") { VehicleId = stream.Settings.VehicleId };
        }

        foreach (var id in _owed.Where(id => owed.All(stream => stream.Id != id)).ToList())
        {
            _owed.Remove(id);
            yield return new Condition.Clear(AlarmCatalog.NotRecorded, $"video/{id}", now);
        }

        foreach (var condition in Duties(now))
            yield return condition;
    }

    private IEnumerable<Condition> Duties(DateTimeOffset now)
    {
        var standing = breaches.Standing.ToDictionary(breach => $"video/{breach.Camera.StreamId}/{breach.Kind}", StringComparer.Ordinal);
        foreach (var (subject, (camera, kind, _)) in standing)
        {
            _breached.Add(subject);
            yield return new Condition.Raise(
                AlarmCatalog.CameraDuty, subject, now, kind == BreachKind.LooksDown ? AlarmPriority.Advisory : AlarmPriority.Caution, $"{NameOf(camera.VehicleId)}: the camera {camera.StreamId} {Said(kind)}.")
            { VehicleId = camera.VehicleId };
        }

        foreach (var subject in _breached.Where(subject => !standing.ContainsKey(subject)).ToList())
        {
            _breached.Remove(subject);
            yield return new Condition.Clear(AlarmCatalog.CameraDuty, subject, now);
        }
    }

    private string NameOf(string vehicleId) => vehicles.Find(vehicleId)?.Name ?? vehicleId;

    private static string Said(BreachKind kind) => kind switch
    {
        BreachKind.RecordedInNoRecordZone => "is recorded in a no-record zone",
        BreachKind.RecordedOnTheWay => "is recorded on the way",
        BreachKind.NotRecordedAtScene => "is not recorded at the scene",
        BreachKind.LooksDown => "looks down on the way",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such breach."),
    };
}

using DroneOps.Server.CameraRules;
using DroneOps.Server.Fleet;
using DroneOps.Server.Video;
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

        var cameras = Condition.Follow(_owed, AlarmCatalog.NotRecorded, recordings.Owed.Select(stream => NotRecorded(stream, now)), now);
        var duties = Condition.Follow(_breached, AlarmCatalog.CameraDuty, breaches.Standing.Select(breach => Breached(breach, now)), now);
        foreach (var condition in cameras.Concat(duties))
            yield return condition;
    }

    private Condition.Raise NotRecorded(VideoStream stream, DateTimeOffset now) =>
        new(AlarmCatalog.NotRecorded, $"video/{stream.Id}", now, AlarmPriority.Caution, $"{NameOf(stream.Settings.VehicleId)}: the camera {stream.Id} is not recorded.") { VehicleId = stream.Settings.VehicleId };

    private Condition.Raise Breached(StandingBreach breach, DateTimeOffset now)
    {
        var (camera, kind, _) = breach;
        return new(
            AlarmCatalog.CameraDuty, $"video/{camera.StreamId}/{kind}", now, kind == BreachKind.LooksDown ? AlarmPriority.Advisory : AlarmPriority.Caution, $"{NameOf(camera.VehicleId)}: the camera {camera.StreamId} {Said(kind)}.")
        { VehicleId = camera.VehicleId };
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

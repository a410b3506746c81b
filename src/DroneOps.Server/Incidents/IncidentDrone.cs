using System.Text.Json.Serialization;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;

namespace DroneOps.Server.Incidents;

/// <summary>What a drone is to an incident.</summary>
internal enum DroneRole
{
    /// <summary>The one whose picture the incident is worked by.</summary>
    Primary,

    /// <summary>A second view, from another side and another height.</summary>
    Second,

    /// <summary>Takes over from the primary, and becomes it at the hand-over.</summary>
    Relief,
}

/// <summary>Where a drone of an incident stands.</summary>
internal enum DroneState
{
    OnTheWay,
    OnScene,

    /// <summary>On its way home, with nothing more to do for the incident.</summary>
    Leaving,

    /// <summary>Lost to the incident while it may still fly: its link is lost, or its autopilot acts on a failure.</summary>
    Lost,

    /// <summary>On the ground, or at work for something else.</summary>
    Gone,
}

/// <summary>What a drone does at the scene.</summary>
internal enum SceneTaskKind
{
    Hover,
    Orbit,
    FollowUnit,
    WatchKeySite,
}

/// <summary>What a drone does at the scene: where it stands to the place, and what it looks at.</summary>
/// <param name="HeightM">Metres above its own home.</param>
/// <param name="RadiusM">Metres from the place that it hovers or circles at; 0 is straight above.</param>
/// <param name="BearingDeg">On which side of the place it hovers, degrees clockwise from north; null for a circle.</param>
/// <param name="UnitCallSign">The unit that it follows.</param>
/// <param name="KeySiteId">The key site that it watches.</param>
/// <param name="CameraOnPlace">Whether the camera is kept on the place.</param>
/// <param name="Note">What keeps it from doing so at the moment, or null.</param>
internal sealed record SceneTask(
    SceneTaskKind Task, double HeightM, double RadiusM = 0, double? BearingDeg = null, string? UnitCallSign = null, string? KeySiteId = null, bool CameraOnPlace = true, string? Note = null)
{
    /// <summary>Within this distance the picture shows the place, metres.</summary>
    public const double ShownWithinM = 40;

    /// <summary>When a person gave it this task; null while it has the one that it was sent with.</summary>
    public DateTimeOffset? GivenAt { get; init; }

    /// <summary>Whether it is about the incident's own place, and not about a unit or a key site.</summary>
    [JsonIgnore]
    public bool IsAboutPlace => Task is SceneTaskKind.Hover or SceneTaskKind.Orbit;

    /// <summary>From how far a drone that stands off its place so much is there, metres.</summary>
    public static double ThereWithinM(double standOffM) => Math.Max(ShownWithinM, standOffM + (ShownWithinM / 2));

    /// <summary>The point that a drone with this task at a place stands at; the place itself for one that circles it.</summary>
    public GeoPoint StandAt(GeoPoint place) => this is { RadiusM: > 0, BearingDeg: { } bearing } ? Geodesic.Direct(place, bearing, RadiusM) : place;

    /// <summary>How far a drone with this task at a place is from another at the most, metres.</summary>
    public double FarthestM(GeoPoint place, GeoPoint other) => Geodesic.DistanceM(StandAt(place), other) + (BearingDeg is null ? RadiusM : 0);
}

/// <summary>A drone of an incident.</summary>
/// <param name="Since">When it was sent.</param>
/// <param name="Task">What it does at the scene.</param>
internal sealed record IncidentDrone(string VehicleId, DroneRole Role, DateTimeOffset Since, SceneTask Task)
{
    public DroneState State { get; init; }

    /// <summary>When it came to the scene.</summary>
    public DateTimeOffset? OnSceneAt { get; init; }

    /// <summary>How long its mission has it stay, in seconds.</summary>
    public double StayS { get; init; }

    /// <summary>When its mission brings it home by itself; null before it is there.</summary>
    public DateTimeOffset? FliesUntil { get; init; }

    /// <summary>When it must leave the scene to land with its reserve; null while that is not known.</summary>
    public DateTimeOffset? RelieveBy { get; init; }

    /// <summary>When it stopped working the incident.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Why it stopped.</summary>
    public string? Why { get; init; }

    /// <summary>Whether it was lost to the incident, and is therefore not chosen for it again.</summary>
    public bool WasLost { get; init; }

    /// <summary>Whether the incident is worked by it now.</summary>
    public bool IsWorking => State is DroneState.OnTheWay or DroneState.OnScene;

    /// <summary>The same one with the scene before it, as when that has moved.</summary>
    public IncidentDrone OnTheWayAgain() => this with { State = DroneState.OnTheWay, OnSceneAt = null, FliesUntil = null, RelieveBy = null };
}

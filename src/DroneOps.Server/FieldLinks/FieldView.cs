using DroneOps.Server.Airspace;
using DroneOps.Server.Incidents;
using DroneOps.Server.Video;

namespace DroneOps.Server.FieldLinks;

/// <summary>What a crew's phone shows: one incident, as far as it concerns the crew.</summary>
/// <param name="Now">The service's clock.</param>
internal sealed record FieldView(DateTimeOffset Now, FieldLinkShown Link, FieldIncident Incident, IReadOnlyList<FieldDrone> Drones, FieldUnit? Unit);

/// <summary>Who sees it, and until when.</summary>
internal sealed record FieldLinkShown(string CallSign, DateTimeOffset ExpiresAt);

/// <summary>The incident.</summary>
internal sealed record FieldIncident(
    string? Number, string TypeZh, string TypeEn, int Priority, string Summary, PointGeometry Location, string? Address, DateTimeOffset ReportedAt, IncidentState State,
    IReadOnlyList<FieldStep> TimeAxis, IReadOnlyList<CrewReport> CrewReports);

/// <summary>A step of the time axis.</summary>
internal sealed record FieldStep(string Stage, string NameZh, string NameEn, DateTimeOffset? At);

/// <summary>A drone of the incident.</summary>
/// <param name="EtaS">Seconds until it is there; null when it is there, is leaving, or nobody can tell.</param>
/// <param name="PositionAgeS">Seconds since it last said where it is.</param>
/// <param name="Cameras">Its cameras while it is there for the incident; none when it has left, because then it sees what is no business of the crew.</param>
internal sealed record FieldDrone(
    string Name, DroneRole Role, DroneState State, PointGeometry? Location, double? HeadingDeg, double? HeightM, int? BatteryPercent, double? EtaS, DateTimeOffset? OnSceneAt, double? PositionAgeS,
    IReadOnlyList<FieldCamera> Cameras);

/// <summary>A camera of a drone, whose picture the phone may see.</summary>
internal sealed record FieldCamera(string Id, VideoKind Kind, StreamState State);

/// <summary>The crew itself, where it was last seen.</summary>
internal sealed record FieldUnit(PointGeometry Location, DateTimeOffset PositionAt);

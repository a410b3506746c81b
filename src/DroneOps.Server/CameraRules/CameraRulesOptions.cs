using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.CameraRules;

/// <summary>When cameras are recorded by rule.</summary>
internal enum RecordingRule
{
    /// <summary>As <c>Recording</c> says; the legs of a route only have to be recorded where they are at work.</summary>
    Sortie,

    /// <summary>By the legs: on the way not, at the scene yes.</summary>
    Legs,
}

/// <summary>How strictly cameras are held to their duty.</summary>
internal sealed class CameraRulesOptions
{
    /// <summary>What begins and ends recordings.</summary>
    public RecordingRule Rule { get; set; }

    /// <summary>Seconds that something may be otherwise before it is a breach: a gimbal turns, a recorder waits for a key picture.</summary>
    [Range(1, 60)]
    public double GraceS { get; set; } = 3;

    /// <summary>Degrees below the horizon to which a camera still counts as level.</summary>
    [Range(1, 60)]
    public double LevelDeg { get; set; } = 15;
}

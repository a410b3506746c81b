using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Patrols;

/// <summary>Settings of the rota.</summary>
internal sealed class PatrolsOptions
{
    /// <summary>At the first start, set up the two demonstration patrols of the sample city, old city and riverside, and begin both at once.</summary>
    public bool Demo { get; set; }

    /// <summary>Minutes without a word from a drone after which its patrol is given up and the drone given back: longer than any of them can stay in
    /// the air, because another may be sent on the route then.</summary>
    [Range(30, 1440)]
    public int SilentMinutes { get; set; } = 60;
}

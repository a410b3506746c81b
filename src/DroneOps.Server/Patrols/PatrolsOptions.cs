namespace DroneOps.Server.Patrols;

/// <summary>Settings of the rota.</summary>
internal sealed class PatrolsOptions
{
    /// <summary>At the first start, set up the two demonstration patrols of the sample city, old city and riverside, and begin both at once.</summary>
    public bool Demo { get; set; }
}

namespace DroneOps.Server.Incidents;

/// <summary>Tells whoever shows incidents that one changed. Handlers must return at once.</summary>
internal sealed class IncidentChanges
{
    /// <summary>An incident was reported or changed.</summary>
    public event Action<IncidentView>? Changed;

    /// <summary>Tells it.</summary>
    public void Publish(IncidentView incident) => Changed?.Invoke(incident);
}

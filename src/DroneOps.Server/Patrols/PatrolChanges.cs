namespace DroneOps.Server.Patrols;

/// <summary>Tells whoever shows patrols that an occurrence changed. Handlers must return at once.</summary>
internal sealed class PatrolChanges
{
    /// <summary>An occurrence was planned or changed.</summary>
    public event Action<OccurrenceView>? Changed;

    /// <summary>Tells it.</summary>
    public void Publish(OccurrenceView occurrence) => Changed?.Invoke(occurrence);
}

namespace DroneOps.Server.Incidents;

/// <summary>Tells whoever shows or counts incidents that one changed. Handlers must return at once.</summary>
internal sealed class IncidentChanges
{
    /// <summary>An incident was reported or changed.</summary>
    public event Action<IncidentView>? Changed;

    /// <summary>A piece of history was entered; of its incidents themselves nobody is told.</summary>
    public event Action<IReadOnlyCollection<IncidentRecord>>? Imported;

    /// <summary>Tells of one, once it is written.</summary>
    public void Publish(IncidentView incident) => Changed?.Invoke(incident);

    /// <summary>Tells of a piece of history, once it is written.</summary>
    public void PublishImport(IReadOnlyCollection<IncidentRecord> pieces) => Imported?.Invoke(pieces);
}

namespace DroneOps.Server.Sorties;

/// <summary>Tells whoever shows sorties that one changed. Handlers must return at once.</summary>
internal sealed class SortieChanges
{
    /// <summary>A sortie was opened, written or closed.</summary>
    public event Action<SortieView>? Changed;

    /// <summary>Tells it.</summary>
    public void Publish(SortieView sortie) => Changed?.Invoke(sortie);
}

using DroneOps.Server.Cluster;

namespace DroneOps.Server.Sorties;

/// <summary>A hosted loop that looks once before the service is open, at regular times, and whenever a sortie is closed or a closed one is corrected.</summary>
/// <param name="every">From one regular look to the next.</param>
internal abstract class ClosedSortieLoop(SortieChanges sorties, Quiescence quiescence, TimeProvider time, TimeSpan every) : BellLoop(quiescence, time, every, every)
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        sorties.Changed += OnSortie;
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        sorties.Changed -= OnSortie;
        await base.StopAsync(cancellationToken);
    }

    /// <summary>A sortie was closed or corrected; what overrides it rings.</summary>
    protected virtual void OnClosed(SortieView sortie) => Ring();

    private void OnSortie(SortieView sortie)
    {
        if (sortie.State == "closed")
            OnClosed(sortie);
    }
}

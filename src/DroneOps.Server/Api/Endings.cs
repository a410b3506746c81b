namespace DroneOps.Server.Api;

/// <summary>Ends what one request keeps open.</summary>
internal static class Endings
{
    /// <summary>Ends it; may be called at any time, from a timer or another request, and waits for nobody who hears of it.</summary>
    public static void End(this CancellationTokenSource ending)
    {
        try
        {
            _ = ending.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }
}

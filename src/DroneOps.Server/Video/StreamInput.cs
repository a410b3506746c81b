namespace DroneOps.Server.Video;

/// <summary>Where the bytes of one stream come from while it is open.</summary>
internal abstract class StreamInput : IAsyncDisposable
{
    /// <summary>Reads until the source ends or the input is disposed of.</summary>
    /// <param name="intake">Takes the bytes; called by one thread at a time.</param>
    /// <exception cref="IOException">It cannot be opened, or broke off.</exception>
    public abstract Task ReadAsync(StreamIntake intake, CancellationToken cancellation);

    /// <summary>Ends the reading.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Runs a loop that blocks on a thread of its own: for a busy port or pipe that costs less than half of asynchronous calls.</summary>
    internal static Task OnThread(string name, Action loop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                loop();
                ended.SetResult();
            }
            catch (Exception error)
            {
                ended.SetException(error);
            }
        })
        { IsBackground = true, Name = name };
        thread.Start();
        return ended.Task;
    }
}

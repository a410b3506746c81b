using System.Collections.Immutable;

namespace DroneOps.Server.Video;

/// <summary>The first picture of a vehicle from some moment on: what the time axis of an incident calls the first frame.</summary>
/// <param name="StreamId">Whose it is.</param>
/// <param name="At">When it arrived here.</param>
internal sealed record FirstPicture(string StreamId, DateTimeOffset At);

/// <summary>Tells who waits for it that a picture of a vehicle has come. Costs one look at a field per picture while nobody waits.</summary>
internal sealed class FirstPictures
{
    private ImmutableList<Waiting> _waiting = [];

    /// <summary>Completes with the first picture of a vehicle that arrives at or after a moment. Of a stream that nobody watches and nothing
    /// records no picture arrives, unless its source is always open.</summary>
    public async Task<FirstPicture> NextAsync(string vehicleId, DateTimeOffset from, CancellationToken cancellation)
    {
        Waiting waiting = new(vehicleId, from, new(TaskCreationOptions.RunContinuationsAsynchronously));
        ImmutableInterlocked.Update(ref _waiting, (list, one) => list.Add(one), waiting);
        try
        {
            return await waiting.Seen.Task.WaitAsync(cancellation);
        }
        finally
        {
            ImmutableInterlocked.Update(ref _waiting, (list, one) => list.Remove(one), waiting);
        }
    }

    /// <summary>A picture has arrived.</summary>
    public void Show(StreamSettings stream, DateTimeOffset at)
    {
        var waiting = Volatile.Read(ref _waiting);
        if (waiting.IsEmpty)
            return;
        foreach (var one in waiting)
        {
            if (one.VehicleId == stream.VehicleId && at >= one.From)
                one.Seen.TrySetResult(new(stream.Id, at));
        }
    }

    private sealed record Waiting(string VehicleId, DateTimeOffset From, TaskCompletionSource<FirstPicture> Seen);
}

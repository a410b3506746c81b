using DroneOps.Server.Audit;

namespace DroneOps.Server.Video.Recording;

/// <summary>Streams that must not be recorded where their vehicle is now. Whatever was ordered waits, and goes on when it may.</summary>
internal sealed partial class RecordingDesk
{
    private readonly Dictionary<string, string> _forbidden = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordingOrder> _held = new(StringComparer.Ordinal);

    /// <summary>Why a stream must not be recorded now; null when it may.</summary>
    public string? ForbiddenBy(string streamId)
    {
        lock (_gate)
            return _forbidden.GetValueOrDefault(streamId);
    }

    /// <summary>By what order a stream is recorded now; null when it is not.</summary>
    public RecordingOrder? OrderOf(string streamId)
    {
        lock (_gate)
            return _running.GetValueOrDefault(streamId)?.Order;
    }

    /// <summary>Begins a recording that ends with the sortie at the latest.</summary>
    public Task<RecordingFolder?> BeginWithSortieAsync(VideoStream stream, string reason, CancellationToken cancellation) =>
        OweAndBeginAsync(stream, WithSortie(reason), cancellation);

    /// <summary>A stream must not be recorded from now on; a recording that runs is ended and waits.</summary>
    public async Task ForbidAsync(VideoStream stream, string why, CancellationToken cancellation)
    {
        if (ForbiddenBy(stream.Id) is not null)
            return;
        Run? running;

        // Not in the middle of a beginning, which could not be seen here and would go on all the same.
        await _orders.WaitAsync(cancellation);
        try
        {
            lock (_gate)
            {
                if (!_forbidden.TryAdd(stream.Id, why))
                    return;
                running = _running.GetValueOrDefault(stream.Id);
            }
        }
        finally
        {
            _orders.Release();
        }

        try
        {
            await audit.AppendAsync(
                new AuditEntry(Api.Actors.System, "video.recordingForbidden", $"video/{stream.Id}", new { vehicle = stream.Settings.VehicleId, why, ended = running?.Folder.Identity.Id }), cancellation);
        }
        catch (IOException)
        {
            // Not entered, so not done: the next look tries again.
            lock (_gate)
                _forbidden.Remove(stream.Id);
            throw;
        }

        if (running is null)
            return;
        lock (_gate)
        {
            // What somebody has ended meanwhile, and what he ends from now on, does not go on behind the zone.
            if (!running.IsEnding)
            {
                running.EndBy(Api.Actors.System);
                _held[stream.Id] = running.Order with { Resumes = running.Folder.Identity.Id };
            }
        }

        await StopAsync(running, cancellation);
    }

    /// <summary>A stream may be recorded again; what waits goes on.</summary>
    public async Task AllowAsync(VideoStream stream, CancellationToken cancellation)
    {
        string? why;
        lock (_gate)
        {
            if (!_forbidden.TryGetValue(stream.Id, out why))
                return;
        }

        await audit.AppendAsync(new AuditEntry(Api.Actors.System, "video.recordingAllowed", $"video/{stream.Id}", new { vehicle = stream.Settings.VehicleId, why }), cancellation);
        lock (_gate)
        {
            _forbidden.Remove(stream.Id);

            // From here on it is owed: without room now, it goes on when there is some.
            if (_held.Remove(stream.Id, out var order))
                _owed.TryAdd(stream.Id, order);
        }

        await BeginAsync(stream, order: null, cancellation);
    }

    /// <summary>Whether an order has to wait. Under the gate.</summary>
    private bool Waits(string streamId, RecordingOrder order)
    {
        if (!_forbidden.ContainsKey(streamId))
            return false;
        _held.TryAdd(streamId, order);
        _owed.Remove(streamId);
        return true;
    }
}

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
        BeginAsync(stream, new(Api.Actors.System, reason, WithSortie: true, Resumes: null), cancellation);

    /// <summary>A stream must not be recorded from now on; a recording that runs is ended and waits.</summary>
    public async Task ForbidAsync(VideoStream stream, string why, CancellationToken cancellation)
    {
        RecordingFolder? ended;
        RecordingOrder? order;
        lock (_gate)
        {
            if (!_forbidden.TryAdd(stream.Id, why))
                return;
            (ended, order) = (_running.GetValueOrDefault(stream.Id)?.Folder, _running.GetValueOrDefault(stream.Id)?.Order);
        }

        try
        {
            await audit.AppendAsync(
                new AuditEntry(Api.Actors.System, "video.recordingForbidden", $"video/{stream.Id}", new { vehicle = stream.Settings.VehicleId, why, ended = ended?.Identity.Id }), cancellation);
        }
        catch (IOException)
        {
            // Not entered, so not done: the next look tries again.
            lock (_gate)
                _forbidden.Remove(stream.Id);
            throw;
        }

        if (ended is null || order is null)
            return;
        await EndAsync(stream.Id, Api.Actors.System, cancellation);
        lock (_gate)
            _held[stream.Id] = order with { Resumes = ended.Identity.Id };
    }

    /// <summary>A stream may be recorded again; what waits goes on.</summary>
    public async Task AllowAsync(VideoStream stream, CancellationToken cancellation)
    {
        RecordingOrder? order;
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
            _held.Remove(stream.Id, out order);
        }

        if (order is not null)
            await BeginAsync(stream, order, cancellation);
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

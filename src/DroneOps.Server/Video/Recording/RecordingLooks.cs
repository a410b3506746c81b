using DroneOps.Server.Audit;

namespace DroneOps.Server.Video.Recording;

/// <summary>Enters each look at recorded pictures in the audit log before the first byte. A player asks for one file in many ranges: that is one look, as long
/// as it goes on; whoever asks from the beginning looks anew.</summary>
internal sealed class RecordingLooks(AuditLog audit, TimeProvider time)
{
    private const int Most = 1000;
    private static readonly TimeSpan GoesOn = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, DateTimeOffset> _looks = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <param name="what">Which file.</param>
    /// <param name="entry">What is entered when it is a new look.</param>
    public Task EnterAsync(HttpRequest request, string what, AuditEntry entry, CancellationToken cancellation)
    {
        var isBeginning = request.GetTypedHeaders().Range?.Ranges.FirstOrDefault()?.From is null or 0;
        return EnterAsync(what, entry, isNew: isBeginning, cancellation);
    }

    /// <summary>Enters a look at a small picture in a list, once while the list is looked at.</summary>
    public Task EnterListedAsync(string what, AuditEntry entry, CancellationToken cancellation) => EnterAsync(what, entry, isNew: false, cancellation);

    private async Task EnterAsync(string what, AuditEntry entry, bool isNew, CancellationToken cancellation)
    {
        var (key, now) = ($"{entry.Actor} {what}", time.GetUtcNow());
        if (isNew || !GoesOnAt(key, now))
            await audit.AppendAsync(entry, cancellation);

        // Only now: a look that could not be entered has not begun, and the next request must not go on with it.
        Remember(key, now);
    }

    private bool GoesOnAt(string key, DateTimeOffset now)
    {
        lock (_gate)
            return _looks.TryGetValue(key, out var last) && now - last < GoesOn;
    }

    private void Remember(string key, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_looks.Count >= Most)
            {
                foreach (var (old, _) in _looks.Where(look => now - look.Value >= GoesOn).ToList())
                    _looks.Remove(old);

                // Forgetting a look costs an entry more, never one less.
                if (_looks.Count >= Most)
                    _looks.Clear();
            }

            _looks[key] = now;
        }
    }
}

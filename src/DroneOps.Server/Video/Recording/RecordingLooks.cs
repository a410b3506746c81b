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
    public async Task EnterAsync(HttpRequest request, string what, AuditEntry entry, CancellationToken cancellation)
    {
        var isBeginning = request.GetTypedHeaders().Range?.Ranges.FirstOrDefault()?.From is null or 0;
        if (!GoesOnFor(entry.Actor, what) || isBeginning)
            await audit.AppendAsync(entry, cancellation);
    }

    /// <summary>Enters a look at a small picture in a list, once while the list is looked at.</summary>
    public async Task EnterListedAsync(string what, AuditEntry entry, CancellationToken cancellation)
    {
        if (!GoesOnFor(entry.Actor, what))
            await audit.AppendAsync(entry, cancellation);
    }

    private bool GoesOnFor(string who, string what)
    {
        var (key, now) = ($"{who} {what}", time.GetUtcNow());
        lock (_gate)
        {
            var goesOn = _looks.TryGetValue(key, out var last) && now - last < GoesOn;
            if (_looks.Count >= Most)
            {
                foreach (var (old, _) in _looks.Where(look => now - look.Value >= GoesOn).ToList())
                    _looks.Remove(old);

                // Forgetting a look costs an entry more, never one less.
                if (_looks.Count >= Most)
                    _looks.Clear();
            }

            _looks[key] = now;
            return goesOn;
        }
    }
}

using System.Text.Json;
using DroneOps.Server.Api;

namespace DroneOps.Server.Feed;

/// <summary>The events of the feed with their ids, the last few thousand of them: a client that was away goes on where it stopped.</summary>
/// <remarks>Safe to share. Ids grow over restarts, because the first one is made from the clock; so an id of the run before is recognised as
/// too old and its client gets the whole picture.</remarks>
internal sealed class FeedLog
{
    /// <summary>Events that are kept.</summary>
    public const int Length = 4096;

    // Below 2^53, the largest number a browser counts to, for another 200 years.
    private const long IdsPerMillisecond = 1000;

    private readonly Lock _gate = new();
    private readonly FeedEvent[] _ring = new FeedEvent[Length];
    private readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private readonly long _before;
    private long _last;

    public FeedLog(TimeProvider time)
    {
        ApiModule.ConfigureJson(_json);
        _before = time.GetUtcNow().ToUnixTimeMilliseconds() * IdsPerMillisecond;
        _last = _before;
    }

    /// <summary>An event was added.</summary>
    public event Action? Added;

    /// <summary>How things are spelled.</summary>
    public JsonSerializerOptions Json => _json;

    /// <summary>The id of the newest event.</summary>
    public long LastId
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>Adds an event.</summary>
    /// <param name="name">incident, sortie, alert or patrol.</param>
    /// <param name="item">What changed, as the API shows it.</param>
    public void Add(string name, object item)
    {
        lock (_gate)
        {
            var id = ++_last;
            _ring[id % Length] = FeedEvent.Of(id, name, item, _json);
        }

        Added?.Invoke();
    }

    /// <summary>Whether everything after an id is still here.</summary>
    public bool Reaches(long afterId)
    {
        lock (_gate)
            return IsHere(afterId);
    }

    /// <summary>The event after an id. One answer to both questions: between two of them an event may take the place of the one that is asked for.</summary>
    /// <param name="next">Null when there is none yet.</param>
    /// <returns>False when it is not here any more.</returns>
    public bool TryAfter(long id, out FeedEvent? next)
    {
        lock (_gate)
        {
            var isHere = IsHere(id);
            next = isHere && id < _last ? _ring[(id + 1) % Length] : null;
            return isHere;
        }
    }

    private bool IsHere(long afterId) => afterId <= _last && afterId >= Math.Max(_before, _last - Length);
}

/// <summary>One event.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Message">Its name in the feed and its body {eventId, item}.</param>
internal sealed record FeedEvent(long Id, FeedMessage Message)
{
    /// <summary>An event about an item as the API shows it.</summary>
    public static FeedEvent Of(long id, string name, object item, JsonSerializerOptions json) =>
        new(id, new FeedMessage(name, [new Encoded(() => new { eventId = id, item }, json)], isList: false, id));
}

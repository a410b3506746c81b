using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video;

/// <summary>All streams that are known. They are never taken away while the service runs: one whose vehicle is gone is idle or stalled.</summary>
internal sealed class VideoStreams(IOptions<VideoOptions> options)
{
    private ImmutableDictionary<string, VideoStream> _streams = ImmutableDictionary.Create<string, VideoStream>(StringComparer.Ordinal);

    /// <summary>A stream became known. Handlers return at once.</summary>
    public event Action<VideoStream>? Added;

    /// <summary>All, by id.</summary>
    public IReadOnlyList<VideoStream> All => [.. _streams.Values.OrderBy(stream => stream.Id, StringComparer.Ordinal)];

    /// <summary>One, or null.</summary>
    public VideoStream? Find(string id) => _streams.GetValueOrDefault(id);

    /// <summary>The streams of a vehicle.</summary>
    public IEnumerable<VideoStream> Of(string vehicleId) => All.Where(stream => stream.Settings.VehicleId == vehicleId);

    /// <summary>Makes a stream known, unless its id is taken.</summary>
    public bool Add(StreamSettings settings)
    {
        VideoStream stream = new(settings, TimeSpan.FromSeconds(options.Value.StalledAfterS));
        if (!ImmutableInterlocked.TryAdd(ref _streams, settings.Id, stream))
            return false;
        Added?.Invoke(stream);
        return true;
    }
}

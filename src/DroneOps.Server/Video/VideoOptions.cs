using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.RegularExpressions;
using FFMpegCore;
using FFMpegCore.Enums;

namespace DroneOps.Server.Video;

/// <summary>Where pictures come from, and what is done to get them.</summary>
internal sealed class VideoOptions : IValidatableObject
{
    /// <summary>The streams that are known from the start.</summary>
    public Collection<VideoSourceEntry> Sources { get; } = [];

    /// <summary>Whether the vehicles with the system ids 1 to 3 have a camera that sends to this machine's ports 5601 to 5603 (<c>serve --demo</c>).</summary>
    public bool Demo { get; set; }

    /// <summary>Which of the streams that vehicles tell of themselves are used.</summary>
    public AnnouncedStreams Announced { get; set; } = AnnouncedStreams.Sent;

    /// <summary>Networks of this machine or of the link that sources may be fetched from all the same, such as <c>127.0.0.0/8</c>.</summary>
    public Collection<string> AllowedNetworks { get; } = [];

    /// <summary>The ffmpeg program, for sources that are fetched and for stills.</summary>
    [Required]
    public string FfmpegPath { get; set; } = "ffmpeg";

    /// <summary>Seconds without a picture after which a stream counts as stalled.</summary>
    [Range(0.5, 60)]
    public double StalledAfterS { get; set; } = 3;

    /// <summary>Seconds that a source on demand stays open after the last viewer has left.</summary>
    [Range(0, 3600)]
    public double IdleAfterS { get; set; } = 30;

    /// <summary>Seconds of silence of the first sender on a port after which another may take its place.</summary>
    [Range(1, 600)]
    public double SenderHeldS { get; set; } = 5;

    /// <summary>Pictures that wait for a slow viewer before the viewer goes on with the next key picture.</summary>
    [Range(5, 1000)]
    public int ViewerQueue { get; set; } = 75;

    /// <summary>Viewers of all streams at a time.</summary>
    [Range(1, 10_000)]
    public int MostViewers { get; set; } = 500;

    /// <summary>Streams at a time that are coded anew as H.264 for browsers that cannot show H.265; 0 for none.</summary>
    [Range(0, 40)]
    public int MostTranscoded { get; set; } = 2;

    /// <summary>How the library that runs ffmpeg finds it, and how much ffmpeg says.</summary>
    public FFOptions ForLibrary() => new() { BinaryFolder = Path.GetDirectoryName(FfmpegPath) ?? "", LogLevel = FFMpegLogLevel.Error };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var fault in Sources.SelectMany((source, number) => source.Faults($"DroneOps:Video:Sources:{number}")))
            yield return new(fault);
        foreach (var twice in Sources.GroupBy(source => source.StreamId, StringComparer.Ordinal).Where(same => same.Count() > 1))
            yield return new($"DroneOps:Video:Sources has the stream '{twice.Key}' more than once; give each an Id of its own.");
        if (AllowedNetworks.FirstOrDefault(text => !IPNetwork.TryParse(text, out _)) is { } wrong)
            yield return new($"DroneOps:Video:AllowedNetworks: '{wrong}' is not a network such as 127.0.0.0/8.");
        var reach = new SourceReach(AllowedNetworks.Where(text => IPNetwork.TryParse(text, out _)).Select(IPNetwork.Parse));
        foreach (var (source, number) in Sources.Select((source, number) => (source, number)))
        {
            if (SourceAddress.TryParse(source.Url, out var address, out _) && address.IsFetched && IPAddress.TryParse(address.Host, out var at) && !reach.Permits(at))
                yield return new($"DroneOps:Video:Sources:{number}:Url leads to {at}, an address of this machine, of the link or of the cloud's own; name it in DroneOps:Video:AllowedNetworks if that is meant.");
        }
    }
}

/// <summary>Which of the streams that vehicles tell of themselves (VIDEO_STREAM_INFORMATION) are used.</summary>
internal enum AnnouncedStreams
{
    /// <summary>None: only those of the options.</summary>
    None,

    /// <summary>Those that are sent to a port of ours. Nothing is fetched: whoever gets into the radio link must not choose whom the service calls.</summary>
    Sent,

    /// <summary>Those that are to be fetched, too, within the networks that are open.</summary>
    All,
}

/// <summary>Which camera of a vehicle a stream is of.</summary>
internal enum VideoKind
{
    Visible,
    Thermal,
}

/// <summary>When a source is open.</summary>
internal enum SourceMode
{
    /// <summary>From the start to the end of the service.</summary>
    Always,

    /// <summary>While somebody watches or records, and some time after.</summary>
    OnDemand,
}

/// <summary>One stream as the options name it.</summary>
internal sealed partial class VideoSourceEntry
{
    private const int ShortestPassphrase = 10;
    private const int LongestPassphrase = 79;

    /// <summary>The stream's id in addresses; <c>{VehicleId}-{Kind}</c> when it is not given.</summary>
    public string? Id { get; set; }

    /// <summary>The fleet's id of the vehicle.</summary>
    public string VehicleId { get; set; } = "";

    /// <summary>Which of its cameras.</summary>
    public VideoKind Kind { get; set; }

    /// <summary>What people call it.</summary>
    public string? Name { get; set; }

    /// <summary>Where the pictures come from.</summary>
    public string Url { get; set; } = "";

    /// <summary>When it is open.</summary>
    public SourceMode Mode { get; set; } = SourceMode.OnDemand;

    /// <summary>The user name that the camera asks for.</summary>
    public string? UserName { get; set; }

    /// <summary>A file that holds the password, or the passphrase of SRT.</summary>
    public string? SecretFile { get; set; }

    /// <summary>The id that it has.</summary>
    public string StreamId => Id ?? $"{VehicleId}-{Kind.ToString().ToLowerInvariant()}";

    public IEnumerable<string> Faults(string where)
    {
        if (VehicleId.Length == 0)
            yield return $"{where}:VehicleId is missing.";
        if (!IdForm().IsMatch(StreamId))
            yield return $"{where}:Id '{StreamId}' is not made of letters, digits, '-', '_' and '.', at most 64.";
        if (!SourceAddress.TryParse(Url, out var address, out var fault))
            yield return $"{where}:Url {fault}";
        else if (UserName is not null && (address.Scheme is SourceScheme.Udp or SourceScheme.Rtp or SourceScheme.Srt || SecretFile is null || !UserForm().IsMatch(UserName)))
            yield return $"{where}:UserName goes with a SecretFile and an rtsp://, rtsps:// or rtmp:// address, and has no spaces, quotes or colons.";
        else if (SecretFile is not null && (UserName is null && address.Scheme != SourceScheme.Srt || address.Scheme is SourceScheme.Udp or SourceScheme.Rtp))
            yield return $"{where}:SecretFile is the password of UserName, or the passphrase of an srt:// address.";
    }

    /// <summary>The password or passphrase; null without one.</summary>
    /// <exception cref="StartupException">The file cannot be used.</exception>
    public string? ReadSecret()
    {
        if (SecretFile is null)
            return null;
        try
        {
            var secret = File.ReadAllText(SecretFile).TrimEnd('\r', '\n');
            if (secret.Any(char.IsControl))
                throw new StartupException($"DroneOps:Video: {SecretFile} holds more than one line.");
            var isPassphrase = Url.StartsWith("srt:", StringComparison.OrdinalIgnoreCase);
            return isPassphrase && secret.Length is < ShortestPassphrase or > LongestPassphrase
                ? throw new StartupException($"DroneOps:Video: the passphrase in {SecretFile} has {secret.Length} characters; SRT wants {ShortestPassphrase} to {LongestPassphrase}.")
                : secret;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"DroneOps:Video: {SecretFile} cannot be read: {problem.Message}", problem);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    private static partial Regex IdForm();

    [GeneratedRegex("^[^\\s'\"\\\\:@/]{1,64}$")]
    private static partial Regex UserForm();
}

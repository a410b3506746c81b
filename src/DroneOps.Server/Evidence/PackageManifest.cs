using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DroneOps.Server.Sorties;
using DroneOps.Server.Video.Recording;

namespace DroneOps.Server.Evidence;

/// <summary>What a package says of itself: the case, the devices, the clocks, the gaps, and every file with its hash.</summary>
/// <param name="Entries">The numbers of the audit entries in <see cref="EntriesName"/>, in its order.</param>
/// <param name="Missing">What one would look for and what is not there, as sentences.</param>
/// <param name="Files">Every file but the manifest and the seal.</param>
internal sealed record PackageManifest(
    string Format, Guid Id, PackageCase Case, DateTimeOffset ExportedAt, string ExportedBy, string Reason, string Software,
    IReadOnlyList<PackageSortie> Sorties, IReadOnlyList<PackageRecording> Recordings, IReadOnlyList<long> Entries, IReadOnlyList<string> Missing, IReadOnlyList<PackageFile> Files)
{
    public const string Current = "droneops-evidence/1";
    public const string ManifestName = "manifest.json";
    public const string SealName = "seal.json";
    public const string EntriesName = "audit/entries.log";
    public const string KeyName = "audit/public-key.pem";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Readable Chinese; the text never meets HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new Api.Rfc3339() },
    };

    /// <summary>Reads one.</summary>
    /// <returns>Null when it is none.</returns>
    public static PackageManifest? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<PackageManifest>(bytes, Json) is { Format: Current, Case: not null, Sorties: not null, Recordings: not null, Entries: not null, Files: not null } read && read.Recordings.All(IsWhole) ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsWhole(PackageRecording recording) =>
        recording is { AbsentSegments: not null, Clips: not null, Stills: not null } && recording.Clips.All(clip => clip is { Sources: not null }) && recording.Stills.All(still => still is not null);
}

/// <summary>What the package is about.</summary>
/// <param name="Kind"><c>incident</c> or <c>sortie</c>.</param>
internal sealed record PackageCase(string Kind, Guid Id, string Label);

/// <summary>A file of the package.</summary>
/// <param name="Kind"><c>record</c>, <c>track</c>, <c>flightLog</c>, <c>video</c>, <c>videoLedger</c>, <c>clip</c>, <c>still</c>, <c>audit</c> or <c>reader</c>.</param>
internal sealed record PackageFile(string Path, long Bytes, string Sha256, string Kind);

/// <summary>A flight: the device, who and why, its clocks and its gaps.</summary>
/// <param name="Clock">What is known of the vehicle's clock; null where its log says nothing.</param>
internal sealed record PackageSortie(
    Guid Id, string VehicleId, string VehicleName, string? HardwareId, string? Firmware, int SystemId, string? BatterySerial, string? Pilot, string? Purpose, string? AuthorisedBy,
    DateTimeOffset? ArmedAt, DateTimeOffset TakeoffAt, ClockSource TakeoffSource, DateTimeOffset? LandedAt, ClockSource LandingSource, DateTimeOffset? DisarmedAt,
    IReadOnlyList<LinkGap> LinkGaps, int TrackPoints, long LogFrames, VehicleClock? Clock);

/// <summary>By how much the vehicle's own time (SYSTEM_TIME) was ahead of the server's when it was received, milliseconds: the way over the link is in it.</summary>
internal sealed record VehicleClock(int Messages, double FirstMs, double MedianMs, double LastMs);

/// <summary>A recording: its span, its gaps, and what its clock drifted.</summary>
internal sealed record PackageRecording(
    Guid Id, string VehicleId, string StreamId, DateTimeOffset From, DateTimeOffset? To, bool IsClosed, int Segments, IReadOnlyList<double> ClockOffsetsMs, IReadOnlyList<RecordingGap> Gaps)
{
    /// <summary>Segments that the ledger names and that were not on the disk.</summary>
    public IReadOnlyList<int> AbsentSegments { get; init; } = [];

    /// <summary>The clips that are packed, each with the bytes it was cut from.</summary>
    public IReadOnlyList<Clip> Clips { get; init; } = [];

    /// <summary>The stills that are packed, each with its segment and moment.</summary>
    public IReadOnlyList<Still> Stills { get; init; } = [];
}

/// <summary>What binds the manifest to the audit log: the last file of a package, since it holds the manifest's hash.</summary>
/// <param name="Sealed">The entry <c>evidence.sealed</c>, as it stands in the log.</param>
/// <param name="Proof">Its path to the head, hex.</param>
/// <param name="Entries">The paths of the entries in <see cref="PackageManifest.EntriesName"/>, in its order.</param>
/// <param name="Checkpoint">The signed head that all paths lead to.</param>
internal sealed record PackageSeal(string ManifestSha256, string Sealed, IReadOnlyList<string> Proof, IReadOnlyList<IReadOnlyList<string>> Entries, string Checkpoint, IReadOnlyList<PackageWitness> Witnesses)
{
    /// <summary>Reads one.</summary>
    /// <returns>Null when it is none.</returns>
    public static PackageSeal? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<PackageSeal>(bytes, PackageManifest.Json) is { ManifestSha256: not null, Sealed: not null, Proof: not null, Entries: not null, Checkpoint: not null, Witnesses: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What a witness vouches for, and that the head has grown out of it.</summary>
/// <param name="Note">The checkpoint that it cosigned.</param>
/// <param name="Growth">The proof of growth from it to the head, hex.</param>
internal sealed record PackageWitness(string Name, string Note, IReadOnlyList<string> Growth);

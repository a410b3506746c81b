using System.Collections.Immutable;

namespace DroneOps.Server.Video.Recording;

/// <summary>A part of a recording in a file of its own, cut without re-encoding, or a masked copy of such a one; with what it was made from.</summary>
/// <param name="Id">Its id, and the name of its file.</param>
/// <param name="At">When it was cut.</param>
/// <param name="By">Who cut it.</param>
/// <param name="Reason">What for.</param>
/// <param name="From">When its first picture was taken: the key picture before the wished time.</param>
/// <param name="To">The end of its last one.</param>
/// <param name="Bytes">The length of its file.</param>
/// <param name="Sha256">The hash of its file, hex.</param>
/// <param name="Chain">The recording's newest link when it was cut, hex.</param>
/// <param name="Sources">The bytes of the recording that it was made from, with the hash of each segment.</param>
/// <param name="AuditEntry">The number of the audit entry that says all this.</param>
internal sealed record Clip(
    Guid Id, DateTimeOffset At, string By, string Reason, DateTimeOffset From, DateTimeOffset To, long Bytes, string Sha256, string Chain, IReadOnlyList<CutSource> Sources, long AuditEntry)
{
    /// <summary>The clip that this is a masked copy of; null for one that was cut.</summary>
    public Guid? MaskedFrom { get; init; }

    /// <summary>What is painted over in it.</summary>
    public IReadOnlyList<MaskedRegion>? Regions { get; init; }
}

/// <summary>The clips that were cut from the recording. They are deleted with it.</summary>
internal sealed partial class RecordingFolder
{
    private ImmutableList<Clip> _clips = [];

    /// <summary>The clips, oldest first.</summary>
    public IReadOnlyList<Clip> Clips => _clips;

    private string ClipsFile => System.IO.Path.Combine(ClipsPath, "clips.jsonl");

    public string ClipFile(Guid id) => System.IO.Path.Combine(ClipsPath, $"{id:N}.mp4");

    /// <summary>Enters a clip whose file is there.</summary>
    public void Enter(Clip clip)
    {
        lock (_marking)
        {
            JsonLines.Append(ClipsFile, clip);
            _clips = _clips.Add(clip);
        }
    }

    private void ReadClips() => _clips = [.. JsonLines.Read<Clip>(ClipsFile)];
}

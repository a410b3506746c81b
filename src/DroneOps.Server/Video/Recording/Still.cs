using System.Collections.Immutable;

namespace DroneOps.Server.Video.Recording;

/// <summary>One picture of a recording in a file of its own, as it was decoded, with what it was made from: whoever has the segment makes the same pixels of it.</summary>
/// <param name="Id">Its id, and the name of its file.</param>
/// <param name="At">When somebody took it out.</param>
/// <param name="By">Who did.</param>
/// <param name="Reason">What for.</param>
/// <param name="PictureAt">When the picture that it shows was taken.</param>
/// <param name="Segment">The number of the segment that the picture is in.</param>
/// <param name="SegmentSha256">The hash of that segment's file, hex: the one in the ledger, and found right when the still was taken.</param>
/// <param name="Ticks">When the picture is shown in that file, in the file's own ticks (90,000 a second).</param>
/// <param name="Width">Pixels, as the camera gave them.</param>
/// <param name="Height">Pixels.</param>
/// <param name="IsDamaged">Whether the recording says that its pictures were damaged then.</param>
/// <param name="Bytes">The length of its file.</param>
/// <param name="Sha256">The hash of its file, hex.</param>
/// <param name="Chain">The recording's newest link when it was taken, hex.</param>
/// <param name="View">Where the camera was and what it saw, by the track's moment that is nearest; null where the track has none so near.</param>
/// <param name="AuditEntry">The number of the audit entry that says all this.</param>
internal sealed record Still(
    Guid Id, DateTimeOffset At, string By, string Reason, DateTimeOffset PictureAt, int Segment, string SegmentSha256, long Ticks, int Width, int Height, bool IsDamaged, long Bytes, string Sha256,
    string Chain, RecordedView? View, long AuditEntry);

/// <summary>The stills that were taken out of the recording. They are deleted with it.</summary>
internal sealed partial class RecordingFolder
{
    private ImmutableList<Still> _stills = [];

    /// <summary>The stills, in the order in which they were taken out.</summary>
    public IReadOnlyList<Still> Stills => _stills;

    /// <summary>Folder of the stills.</summary>
    public string StillsPath => FileOf("stills");

    private string StillsFile => System.IO.Path.Combine(StillsPath, "stills.jsonl");

    public string StillFile(Guid id) => System.IO.Path.Combine(StillsPath, $"{id:N}.png");

    /// <summary>A small copy of a still for lists, made when it is first asked for.</summary>
    public string SmallStillFile(Guid id) => System.IO.Path.Combine(StillsPath, $"{id:N}.jpg");

    /// <summary>Enters a still whose file is there.</summary>
    public void Enter(Still still)
    {
        lock (_marking)
        {
            JsonLines.Append(StillsFile, still);
            _stills = _stills.Add(still);
        }
    }

    private void ReadStills() => _stills = [.. JsonLines.Read<Still>(StillsFile)];
}

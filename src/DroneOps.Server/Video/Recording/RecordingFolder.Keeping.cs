using System.Text.Json;

namespace DroneOps.Server.Video.Recording;

/// <summary>How long the recording is kept, and what is left when that is over.</summary>
internal sealed partial class RecordingFolder
{
    public const string TombstoneName = "deleted.json";

    private Keeping? _keeping;
    private Tombstone? _tombstone;

    /// <summary>Folder of the clips that were cut from it.</summary>
    public string ClipsPath => FileOf("clips");

    /// <summary>Its class and the holds on it.</summary>
    public Keeping Keeping => _keeping!;

    /// <summary>Set when it was deleted: its ledger is left, its pictures are gone.</summary>
    public Tombstone? Tombstone => _tombstone;

    /// <summary>When it ended; null while it is written.</summary>
    public DateTimeOffset? ClosedAt => _lines is [.., { Closing: { } closing }] ? closing.ClosedAt : null;

    /// <summary>Bytes of its closed segments, its clips and its stills: what goes when it is deleted.</summary>
    public long Bytes => _lines.Sum(line => line.Segment?.Bytes ?? 0) + Clips.Sum(clip => clip.Bytes) + Stills.Sum(still => still.Bytes);

    /// <summary>A small picture of it for lists, made when it is first asked for.</summary>
    public string ThumbnailFile => FileOf("thumbnail.jpg");

    private string KeepingFile => FileOf("keeping.jsonl");

    /// <summary>All that was said about its keeping, oldest first.</summary>
    public IReadOnlyList<KeepingWord> ReadKeeping()
    {
        lock (_marking)
            return JsonLines.Read<KeepingWord>(KeepingFile);
    }

    /// <summary>Enters a word about its keeping; when it returns it is on the disk and in force.</summary>
    public void Keep(KeepingWord word)
    {
        lock (_marking)
        {
            JsonLines.Append(KeepingFile, word);
            _keeping = Keeping.After(word);
        }
    }

    /// <summary>Deletes what shows something; ledger and tombstone stay. Gone on with at the next start when it is broken off.</summary>
    public void Bury(Tombstone tombstone)
    {
        if (!File.Exists(FileOf(TombstoneName)))
        {
            // Under another name first: a tombstone that a crash has cut off would be none, with half of the files gone.
            var unfinished = FileOf(TombstoneName + ".new");
            File.Delete(unfinished);
            Durable.WriteNew(unfinished, RecordingLedger.Encode(tombstone));
            File.Move(unfinished, FileOf(TombstoneName));
            Durable.Folder(Path);
        }

        _tombstone = tombstone;
        foreach (var file in Directory.EnumerateFiles(Path, "*.mp4*").Append(BookmarksFile).Append(ThumbnailFile))
            File.Delete(file);
        foreach (var made in new[] { ClipsPath, StillsPath }.Where(Directory.Exists))
            Directory.Delete(made, recursive: true);
    }

    private void ReadCare()
    {
        ReadClips();
        ReadStills();
        _keeping = JsonLines.Read<KeepingWord>(KeepingFile).Aggregate(new Keeping(Identity.Class ?? "", []), (keeping, word) => keeping.After(word));
        if (!File.Exists(FileOf(TombstoneName)))
            return;
        try
        {
            _tombstone = JsonSerializer.Deserialize<Tombstone>(File.ReadAllBytes(FileOf(TombstoneName)), RecordingLedger.Json);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{FileOf(TombstoneName)} is none.", broken);
        }
    }
}

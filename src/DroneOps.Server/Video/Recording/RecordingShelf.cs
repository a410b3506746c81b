using System.Collections.Immutable;

namespace DroneOps.Server.Video.Recording;

/// <summary>All recordings on the disk, found again at each start: the folders are the truth, this is their list.</summary>
/// <param name="root">The folder of all.</param>
internal sealed class RecordingShelf(string root)
{
    private ImmutableDictionary<Guid, RecordingFolder> _all = ImmutableDictionary<Guid, RecordingFolder>.Empty;

    public string Root => root;

    /// <summary>The newest first.</summary>
    public IReadOnlyList<RecordingFolder> All => [.. _all.Values.OrderByDescending(folder => folder.Identity.StartedAt).ThenByDescending(folder => folder.Identity.Id)];

    /// <summary>Bytes of all that is closed and not deleted.</summary>
    public long Bytes => _all.Values.Where(folder => folder.Tombstone is null).Sum(folder => folder.Bytes);

    public RecordingFolder? Find(Guid id) => _all.GetValueOrDefault(id);

    public void Add(RecordingFolder folder) => ImmutableInterlocked.TryAdd(ref _all, folder.Identity.Id, folder);

    /// <summary>Looks through the disk.</summary>
    /// <param name="unreadable">Told of each folder that holds no readable recording. It is left as it is: whoever looks into it may find what happened.</param>
    public void Fill(Action<string, Exception> unreadable)
    {
        Directory.CreateDirectory(root);
        foreach (var file in Directory.EnumerateFiles(root, RecordingLedger.IdentityName, SearchOption.AllDirectories))
        {
            var folder = Path.GetDirectoryName(file)!;
            try
            {
                Add(RecordingFolder.Open(folder));
            }
            catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                unreadable(folder, problem);
            }
        }
    }
}

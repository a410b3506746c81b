namespace DroneOps.Server.Video.Recording;

/// <summary>What people have marked in a recording: a file beside it, no part of what is hashed, because it grows after the end.</summary>
internal sealed partial class RecordingFolder
{
    private readonly Lock _marking = new();

    private string BookmarksFile => FileOf("bookmarks.jsonl");

    /// <summary>The bookmarks, in the order in which they were made.</summary>
    public IReadOnlyList<Bookmark> ReadBookmarks()
    {
        lock (_marking)
            return JsonLines.Read<Bookmark>(BookmarksFile);
    }

    /// <summary>Adds one; when it returns it is on the disk.</summary>
    public void Mark(Bookmark bookmark)
    {
        lock (_marking)
            JsonLines.Append(BookmarksFile, bookmark);
    }
}

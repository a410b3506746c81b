using System.Text.Json;

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
        {
            return File.Exists(BookmarksFile)
                ? [.. File.ReadLines(BookmarksFile).Where(line => line.EndsWith('}')).Select(line => JsonSerializer.Deserialize<Bookmark>(line, RecordingLedger.Json)!)]
                : [];
        }
    }

    /// <summary>Adds one; when it returns it is on the disk.</summary>
    public void Mark(Bookmark bookmark)
    {
        lock (_marking)
        {
            // A line that a crash has cut off is not gone on with.
            using var file = new FileStream(BookmarksFile, FileMode.OpenOrCreate, FileAccess.ReadWrite);
            file.Seek(0, SeekOrigin.End);
            if (file.Length > 0)
            {
                file.Seek(-1, SeekOrigin.End);
                if (file.ReadByte() != '\n')
                    file.Write("\n"u8);
            }

            file.Write(JsonSerializer.SerializeToUtf8Bytes(bookmark, RecordingLedger.Json));
            file.Write("\n"u8);
            file.Flush(flushToDisk: true);
        }
    }
}

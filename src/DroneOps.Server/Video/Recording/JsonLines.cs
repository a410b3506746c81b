using System.Text.Json;

namespace DroneOps.Server.Video.Recording;

/// <summary>A file that grows by lines of JSON, each on the disk when it is added. For what is said about a recording after it was made.</summary>
internal static class JsonLines
{
    /// <summary>The lines, in order; one that a crash has cut off is left out.</summary>
    public static IReadOnlyList<T> Read<T>(string path) => File.Exists(path)
        ? [.. File.ReadLines(path).Where(line => line.EndsWith('}')).Select(line => JsonSerializer.Deserialize<T>(line, RecordingLedger.Json)!)]
        : [];

    /// <summary>Adds one; when it returns it is on the disk.</summary>
    public static void Append<T>(string path, T line)
    {
        var isNew = !File.Exists(path);
        using (var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite))
        {
            // A line that a crash has cut off is not gone on with.
            file.Seek(0, SeekOrigin.End);
            if (file.Length > 0)
            {
                file.Seek(-1, SeekOrigin.End);
                if (file.ReadByte() != '\n')
                    file.Write("\n"u8);
            }

            file.Write(JsonSerializer.SerializeToUtf8Bytes(line, RecordingLedger.Json));
            file.Write("\n"u8);
            file.Flush(flushToDisk: true);
        }

        if (isNew)
            Durable.Folder(Path.GetDirectoryName(path)!);
    }
}

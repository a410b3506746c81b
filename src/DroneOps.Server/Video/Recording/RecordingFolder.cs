using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DroneOps.Server.Video.Recording;

/// <summary>The files of one recording: what it is, its ledger, its segments. The files are the recording; the database only finds it.
/// Owner: the recorder that writes it, or the recovery after it.</summary>
internal sealed partial class RecordingFolder
{
    // Swapped, never changed: whoever shows the recording reads it while it is written.
    private ImmutableList<LedgerLine> _lines = [];
    private byte[] _link;

    private RecordingFolder(string path, RecordingIdentity identity, byte[] link)
    {
        Path = path;
        Identity = identity;
        _link = link;
    }

    public string Path { get; }

    public RecordingIdentity Identity { get; }

    /// <summary>The lines of the ledger, in order.</summary>
    public IReadOnlyList<LedgerLine> Lines => _lines;

    /// <summary>The newest link, hex.</summary>
    public string Link => Convert.ToHexStringLower(_link);

    /// <summary>What is on the disk of the segment that is being written; null while none is. Set by the recorder, read by whoever shows the recording.</summary>
    public GrowingSegment? Growing { get; set; }

    /// <summary>Closed: nothing more comes.</summary>
    public bool IsClosed => _lines is [.., { Closing: not null }];

    public int Segments => _lines.Count(line => line.Segment is not null);

    /// <summary>Where a recording lies below the folder of all: vehicle, day of its start (UTC), id.</summary>
    public static string Place(RecordingIdentity identity) => string.Create(
        CultureInfo.InvariantCulture, $"{Plain(identity.VehicleId)}/{identity.StartedAt.UtcDateTime:yyyy'/'MM'/'dd}/{identity.Id:N}");

    /// <summary>Makes a new recording; when it returns it is on the disk.</summary>
    public static RecordingFolder Create(string path, RecordingIdentity identity)
    {
        Directory.CreateDirectory(path);
        var bytes = RecordingLedger.Encode(identity);
        Durable.WriteNew(System.IO.Path.Combine(path, RecordingLedger.IdentityName), bytes);
        Durable.WriteNew(System.IO.Path.Combine(path, RecordingLedger.LedgerName), []);
        Durable.FolderTree(path, levels: 5);
        var folder = new RecordingFolder(path, identity, SHA256.HashData(bytes));
        folder.ReadCare();
        return folder;
    }

    /// <summary>Opens a recording to go on with it. A line that a crash left unfinished is cut off.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static RecordingFolder Open(string path)
    {
        var bytes = File.ReadAllBytes(System.IO.Path.Combine(path, RecordingLedger.IdentityName));
        var folder = new RecordingFolder(path, IdentityOf(bytes), SHA256.HashData(bytes));
        var ledger = System.IO.Path.Combine(path, RecordingLedger.LedgerName);
        var text = File.Exists(ledger) ? File.ReadAllBytes(ledger) : [];
        var end = Array.LastIndexOf(text, (byte)'\n') + 1;
        foreach (var one in Encoding.UTF8.GetString(text, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var line = RecordingLedger.Read(one, out _) ?? throw new InvalidDataException($"{ledger} has a line that is none.");
            folder._lines = folder._lines.Add(line);
            folder._link = Convert.FromHexString(line.Chain);
        }

        if (end < text.Length || !File.Exists(ledger))
        {
            using var file = new FileStream(ledger, FileMode.OpenOrCreate, FileAccess.Write);
            file.SetLength(end);
            file.Flush(flushToDisk: true);
        }

        folder.ReadCare();
        return folder;
    }

    /// <summary>Reads what a recording is.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static RecordingIdentity IdentityOf(byte[] bytes)
    {
        try
        {
            if (JsonSerializer.Deserialize<RecordingIdentity>(bytes, RecordingLedger.Json) is { Format: RecordingIdentity.Current, VehicleId: not null, StreamId: not null } identity)
                return identity;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new InvalidDataException($"{RecordingLedger.IdentityName} does not describe a recording.");
    }

    public static string FileName(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:D4}.mp4");

    public string FileOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The link that a segment will get, for its audit entry.</summary>
    public byte[] NextLink(ReadOnlySpan<byte> file, ReadOnlySpan<byte> statement) => RecordingLedger.Link(_link, file, statement);

    /// <summary>Enters a segment, or the end; when it returns it is on the disk.</summary>
    public void Append(long auditEntry, ReadOnlySpan<byte> link, ReadOnlySpan<byte> file, ReadOnlySpan<byte> statement)
    {
        var line = RecordingLedger.Line(auditEntry, link, file, statement);
        using (var ledger = new FileStream(FileOf(RecordingLedger.LedgerName), FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            var before = ledger.Seek(0, SeekOrigin.End);
            try
            {
                ledger.Write(line);
                ledger.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                // Half a line before the next one would make both unreadable.
                ledger.SetLength(before);
                throw;
            }
        }

        _link = link.ToArray();
        _lines = _lines.Add(RecordingLedger.Read(Encoding.UTF8.GetString(line).TrimEnd('\n'), out _)!);
    }

    /// <summary>An id as the name of a folder: whatever a vehicle is called, it stays below.</summary>
    private static string Plain(string id)
    {
        var plain = string.Concat(id.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'));
        return plain.Length == 0 ? "_" : plain;
    }
}

/// <summary>How much is on the disk of a segment that is not closed: its length by the source's clock, and its bytes.</summary>
internal sealed record GrowingSegment(TimeSpan Length, long Bytes);

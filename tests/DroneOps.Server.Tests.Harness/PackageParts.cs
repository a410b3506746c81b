using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DroneOps.Server.Audit;

namespace DroneOps.Server.Tests.Harness;

/// <summary>A package taken apart, to be put together again with something in it changed.</summary>
internal sealed class PackageParts
{
    /// <summary>What is done to a package, and what the check must say is wrong first: a file, or an audit entry.</summary>
    public static readonly IReadOnlyList<(string What, string Place)> Tamperings =
    [
        ("a bit of the video is flipped", "recordings/*/0001.mp4"),
        ("a bit of a still is flipped", "recordings/*/stills/*.png"),
        ("a still is taken out", "recordings/*/stills/*.png"),
        ("the flight log is taken out", "sorties/*/flight.tlog"),
        ("a file is put in", "notes.txt"),
        ("two files are swapped", "sorties/*/track.geojson"),
        ("a file is there twice", "sorties/*/record.json"),
        ("a record is changed, and its hash in the manifest with it", "manifest.json"),
        ("the manifest is changed, and the entry that seals it with it", "audit entry *"),
        ("a look is taken out of the chain of custody, everywhere", "manifest.json"),
        ("a segment is exchanged, and its hash in the manifest and the ledger with it", "manifest.json"),
        ("two proofs are swapped", "audit entry *"),
        ("the head is signed by somebody else", "seal.json"),
        ("the seal of another package is put in", "seal.json"),
        ("the end is cut off", "*"),
    ];

    private readonly List<(string Name, byte[] Bytes)> _parts = [];

    private PackageParts()
    {
    }

    public IEnumerable<string> Names => _parts.Select(part => part.Name);

    public JsonNode Manifest => JsonNode.Parse(this["manifest.json"])!;

    public byte[] this[string name]
    {
        get => _parts.Single(part => part.Name == name).Bytes;
        set => _parts[_parts.FindIndex(part => part.Name == name)] = (name, value);
    }

    public static PackageParts Read(byte[] package)
    {
        var parts = new PackageParts();
        using var zip = new ZipArchive(new MemoryStream(package), ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            parts._parts.Add((entry.FullName, bytes.ToArray()));
        }

        return parts;
    }

    /// <summary>Does one of the <see cref="Tamperings"/>.</summary>
    /// <param name="package">The package.</param>
    /// <param name="other">Another one of the same log.</param>
    public static byte[] Tamper(byte[] package, byte[] other, string what)
    {
        if (what == "the end is cut off")
            return package[..^300];
        var parts = Read(package);
        parts.Tamper(what, other);
        return parts.Write();
    }

    public byte[] Write()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in _parts)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(content);
            }
        }

        return bytes.ToArray();
    }

    private string Named(string end) => Names.Single(name => name.EndsWith(end, StringComparison.Ordinal));

    private void Tamper(string what, byte[] other)
    {
        switch (what)
        {
            case "a bit of the video is flipped":
                this[Named("0001.mp4")][1234] ^= 1;
                break;
            case "a bit of a still is flipped":
                this[Named(".png")][1234] ^= 1;
                break;
            case "a still is taken out":
                _parts.RemoveAll(part => part.Name.EndsWith(".png", StringComparison.Ordinal));
                break;
            case "the flight log is taken out":
                _parts.RemoveAll(part => part.Name.EndsWith("flight.tlog", StringComparison.Ordinal));
                break;
            case "a file is put in":
                _parts.Add(("notes.txt", "nothing happened"u8.ToArray()));
                break;
            case "two files are swapped":
                (this[Named("track.geojson")], this[Named("track.csv")]) = (this[Named("track.csv")], this[Named("track.geojson")]);
                break;
            case "a file is there twice":
                _parts.Add((Named("sorties/" + SortieOf() + "/record.json"), "{}"u8.ToArray()));
                break;
            case "a record is changed, and its hash in the manifest with it":
                Change(Named($"{SortieOf()}/record.json"), bytes => Replaced(bytes, "user:wang", "user:zhao"));
                break;
            case "the manifest is changed, and the entry that seals it with it":
                Change(Named($"{SortieOf()}/record.json"), bytes => Replaced(bytes, "user:wang", "user:zhao"));
                var seal = JsonNode.Parse(this["seal.json"])!;
                var (was, now) = (seal["manifestSha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(this["manifest.json"])));
                seal["manifestSha256"] = now;
                seal["sealed"] = seal["sealed"]!.GetValue<string>().Replace(was, now, StringComparison.Ordinal);
                this["seal.json"] = JsonSerializer.SerializeToUtf8Bytes(seal);
                break;
            case "a look is taken out of the chain of custody, everywhere":
                var manifest = Manifest;
                manifest["entries"]!.AsArray().RemoveAt(1);
                this["manifest.json"] = JsonSerializer.SerializeToUtf8Bytes(manifest);
                var shorter = JsonNode.Parse(this["seal.json"])!;
                shorter["entries"]!.AsArray().RemoveAt(1);
                this["seal.json"] = JsonSerializer.SerializeToUtf8Bytes(shorter);
                Change("audit/entries.log", bytes => Encoding.UTF8.GetBytes(string.Concat(Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where((_, at) => at != 1).Select(line => $"{line}\n"))));
                break;
            case "a segment is exchanged, and its hash in the manifest and the ledger with it":
                var before = Convert.ToHexStringLower(SHA256.HashData(this[Named("0002.mp4")]));
                Change(Named("0002.mp4"), bytes => [.. bytes.Reverse()]);
                var after = Convert.ToHexStringLower(SHA256.HashData(this[Named("0002.mp4")]));
                Change(Named("ledger.jsonl"), bytes => Replaced(bytes, before, after));
                break;
            case "two proofs are swapped":
                var mixed = JsonNode.Parse(this["seal.json"])!;
                var proofs = mixed["entries"]!.AsArray();
                (proofs[0], proofs[1]) = (proofs[1]!.DeepClone(), proofs[0]!.DeepClone());
                this["seal.json"] = JsonSerializer.SerializeToUtf8Bytes(mixed);
                break;
            case "the head is signed by somebody else":
                var forged = JsonNode.Parse(this["seal.json"])!;
                forged["checkpoint"] = Resigned(forged["checkpoint"]!.GetValue<string>());
                this["seal.json"] = JsonSerializer.SerializeToUtf8Bytes(forged);
                break;
            case "the seal of another package is put in":
                this["seal.json"] = Read(other)["seal.json"];
                break;
            default:
                throw new ArgumentException(what, nameof(what));
        }
    }

    private string SortieOf() => Manifest["sorties"]![0]!["id"]!.GetValue<string>();

    /// <summary>Changes a file and what the manifest says of it, as somebody would who can only write the file.</summary>
    private void Change(string name, Func<byte[], byte[]> change)
    {
        this[name] = change(this[name]);
        var manifest = Manifest;
        var line = manifest["files"]!.AsArray().Single(file => file!["path"]!.GetValue<string>() == name)!;
        (line["bytes"], line["sha256"]) = (this[name].Length, Convert.ToHexStringLower(SHA256.HashData(this[name])));
        this["manifest.json"] = JsonSerializer.SerializeToUtf8Bytes(manifest);
    }

    private static byte[] Replaced(byte[] bytes, string was, string now)
    {
        var text = Encoding.UTF8.GetString(bytes);
        Assert.Contains(was, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(was, now, StringComparison.Ordinal));
    }

    private static string Resigned(string note)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var lines = note.Split('\n');
        return new Checkpoint(lines[0], long.Parse(lines[1], System.Globalization.CultureInfo.InvariantCulture), Convert.FromBase64String(lines[2])).Sign(other);
    }
}

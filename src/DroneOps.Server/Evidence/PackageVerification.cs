using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using DroneOps.Server.Audit;
using DroneOps.Server.Audit.Witnessing;
using DroneOps.Server.Video.Recording;

namespace DroneOps.Server.Evidence;

/// <summary>The check of a package: needs the file and, better, keys that were kept elsewhere; no server, no network.</summary>
/// <remarks>From the outside in: every file is what the manifest says, the manifest is what the audit entry <c>evidence.sealed</c> says, that entry and every entry of the
/// chain of custody are under one head, the head is signed with the log's key, it has grown out of what the witnesses signed, and the recordings fit their chains.</remarks>
/// <param name="Place">The file, or the audit entry, that is wrong first; null when all is right.</param>
/// <param name="Problem">What is wrong with it.</param>
internal sealed record PackageVerification(PackageManifest? Manifest, string? Place, string? Problem, long Head, IReadOnlyList<string> Vouched)
{
    /// <summary>What the manifest or the seal may weigh: they are read whole.</summary>
    private const long MostText = 256L << 20;

    /// <summary>Checks a package.</summary>
    /// <param name="key">The log's public key, kept elsewhere; null for the one in the package.</param>
    /// <param name="witnesses">Witnesses whose cosignature must be there, with their keys.</param>
    public static async Task<PackageVerification> CheckAsync(Stream package, ECDsa? key, IReadOnlyList<(string Name, ECDsa Key)> witnesses, CancellationToken cancellation)
    {
        try
        {
            await using var zip = await ZipArchive.CreateAsync(package, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8, cancellation);
            return await new Check(zip, cancellation).RunAsync(key, witnesses);
        }
        catch (WrongPart wrong)
        {
            return new(null, wrong.Place, wrong.Message, 0, []);
        }
        catch (InvalidDataException problem)
        {
            return new(null, "the file", $"it is not a whole zip file ({problem.Message.TrimEnd('.')})", 0, []);
        }
    }

    /// <summary>One check.</summary>
    private sealed class Check(ZipArchive zip, CancellationToken cancellation)
    {
        private readonly Dictionary<string, ZipArchiveEntry> _parts = new(StringComparer.Ordinal);
        private PackageManifest _manifest = null!;
        private Dictionary<string, string>? _hashes;

        public async Task<PackageVerification> RunAsync(ECDsa? given, IReadOnlyList<(string Name, ECDsa Key)> witnesses)
        {
            foreach (var entry in zip.Entries)
            {
                if (!_parts.TryAdd(entry.FullName, entry))
                    throw new WrongPart(entry.FullName, "it is there twice");
            }

            var bytes = await ReadAsync(PackageManifest.ManifestName);
            _manifest = PackageManifest.Read(bytes) ?? throw new WrongPart(PackageManifest.ManifestName, "it is not the manifest of a package");
            await FilesAsync();
            var seal = PackageSeal.Read(await ReadAsync(PackageManifest.SealName)) ?? throw new WrongPart(PackageManifest.SealName, "it is not the seal of a package");
            using var own = given is null ? PublicKey(await ReadAsync(PackageManifest.KeyName)) : null;
            var key = given ?? own!;
            var head = Checkpoint.Open(seal.Checkpoint, key, out var problem) ?? throw new WrongPart(PackageManifest.SealName, $"its checkpoint cannot be trusted: {problem}");
            Sealed(seal, head, Convert.ToHexStringLower(SHA256.HashData(bytes)));
            var entries = await EntriesAsync(seal, head);
            foreach (var recording in _manifest.Recordings)
                await RecordingAsync(recording, entries);
            return new(_manifest, null, null, head.Size, [.. witnesses.Select(witness => Witnessed(seal, head, key, witness.Name, witness.Key))]);
        }

        private static ECDsa PublicKey(byte[] pem)
        {
            var key = ECDsa.Create();
            try
            {
                key.ImportFromPem(Encoding.UTF8.GetString(pem));
                return key;
            }
            catch (Exception problem) when (problem is ArgumentException or CryptographicException)
            {
                key.Dispose();
                throw new WrongPart(PackageManifest.KeyName, "it is not a public key");
            }
        }

        /// <summary>Every file that is listed is there and is what it was; no other file is.</summary>
        private async Task FilesAsync()
        {
            var listed = new HashSet<string>(StringComparer.Ordinal) { PackageManifest.ManifestName, PackageManifest.SealName };
            foreach (var file in _manifest.Files)
            {
                if (!listed.Add(file.Path))
                    throw new WrongPart(file.Path, "the manifest lists it twice");
                if (!_parts.TryGetValue(file.Path, out var part))
                    throw new WrongPart(file.Path, "it is missing");
                if (part.Length != file.Bytes)
                    throw new WrongPart(file.Path, $"it has {part.Length} bytes and was exported with {file.Bytes}");
                await using var stream = await part.OpenAsync(cancellation);
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation)) != file.Sha256)
                    throw new WrongPart(file.Path, "it is not what was exported: its hash differs");
            }

            if (_parts.Keys.FirstOrDefault(name => !listed.Contains(name)) is { } stranger)
                throw new WrongPart(stranger, "it was added: the manifest does not list it");
        }

        /// <summary>The manifest's hash is in the audit log.</summary>
        private void Sealed(PackageSeal seal, Checkpoint head, string manifest)
        {
            var (record, hash) = Entry(seal.Sealed) ?? throw new WrongPart(PackageManifest.SealName, "its audit entry cannot be read");
            if (record.Action != "evidence.sealed" || record.Subject != $"evidence/{_manifest.Id}")
                throw new WrongPart(PackageManifest.SealName, $"the entry that it shows ({record.Action} {record.Subject}) seals another package");
            if (seal.ManifestSha256 != manifest || !record.Details.TryGetProperty("manifestSha256", out var said) || said.GetString() != manifest)
                throw new WrongPart(PackageManifest.ManifestName, "it is not the manifest that was sealed: its hash is not the one in the audit log");
            Under(head, record.Sequence, hash, seal.Proof, $"audit entry {record.Sequence}");
        }

        /// <summary>Every entry of the chain of custody is in the audit log, and none that is listed is missing.</summary>
        private async Task<Dictionary<long, AuditRecord>> EntriesAsync(PackageSeal seal, Checkpoint head)
        {
            var lines = Encoding.UTF8.GetString(await ReadAsync(PackageManifest.EntriesName)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.Length != _manifest.Entries.Count || lines.Length != seal.Entries.Count)
                throw new WrongPart(PackageManifest.EntriesName, $"it has {lines.Length} entries, the manifest {_manifest.Entries.Count} and the seal {seal.Entries.Count}");
            var entries = new Dictionary<long, AuditRecord>(lines.Length);
            for (var i = 0; i < lines.Length; i++)
            {
                var number = _manifest.Entries[i];
                var (record, hash) = Entry(lines[i]) ?? throw new WrongPart($"audit entry {number}", "it cannot be read");
                if (record.Sequence != number)
                    throw new WrongPart($"audit entry {number}", $"in its place stands entry {record.Sequence}");
                Under(head, number, hash, seal.Entries[i], $"audit entry {number}");
                entries[number] = record;
            }

            return entries;
        }

        private static (AuditRecord Record, byte[] Hash)? Entry(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var hash = AuditFormat.LeafHash(bytes);
            return AuditFormat.TryReadLine((byte[])[.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash)), (byte)' ', .. bytes], out var record, out _) ? (record, hash) : null;
        }

        private static void Under(Checkpoint head, long number, byte[] leaf, IReadOnlyList<string> proof, string place)
        {
            var path = Hashes(proof) ?? throw new WrongPart(place, "its proof cannot be read");
            if (number < 0 || number >= head.Size || MerkleTree.RootFromProof(number, head.Size, leaf, path) is not { } root || !root.AsSpan().SequenceEqual(head.Root))
                throw new WrongPart(place, "it is not in the log that the checkpoint signs");
        }

        /// <summary>The segments fit the chain of their ledger, and each link is in the audit log.</summary>
        private async Task RecordingAsync(PackageRecording recording, Dictionary<long, AuditRecord> entries)
        {
            var folder = $"recordings/{recording.Id}";
            var link = SHA256.HashData(await ReadAsync($"{folder}/{RecordingLedger.IdentityName}"));
            var place = $"{folder}/{RecordingLedger.LedgerName}";
            Dictionary<int, string> segments = [];
            foreach (var text in Encoding.UTF8.GetString(await ReadAsync(place)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (RecordingLedger.Read(text, out var statement) is not { } line)
                    throw new WrongPart(place, "a line of it cannot be read");
                if (line.Segment is { } segment && !recording.AbsentSegments.Contains(segment.Number) && HashOf($"{folder}/{segment.File}") != line.Sha256)
                    throw new WrongPart($"{folder}/{segment.File}", "it is not the segment that the recording's ledger says");
                link = RecordingLedger.Link(link, line.Sha256 is { } hash ? Convert.FromHexString(hash) : [], statement);
                if (Convert.ToHexStringLower(link) != line.Chain)
                    throw new WrongPart(place, "the chain of the recording does not fit");
                if (!entries.TryGetValue(line.AuditEntry, out var entry) || entry.Subject != $"recording/{recording.Id}" || !entry.Details.TryGetProperty("chain", out var audited) || audited.GetString() != line.Chain)
                    throw new WrongPart(place, $"audit entry {line.AuditEntry} does not hold the link of the recording");
                if (line is { Segment: { } known, Sha256: { } sum })
                    segments[known.Number] = sum;
            }

            foreach (var clip in recording.Clips)
                Made(recording.Id, RecordingParts.ClipPath(recording.Id, clip), clip.Sha256, clip.AuditEntry, clip.Sources.Select(source => (source.Segment, source.Sha256)), segments, entries);
            foreach (var still in recording.Stills)
                Made(recording.Id, RecordingParts.StillPath(recording.Id, still), still.Sha256, still.AuditEntry, [(still.Segment, still.SegmentSha256)], segments, entries);
        }

        /// <summary>What was made from segments is what its audit entry says, and those are segments of the ledger.</summary>
        private void Made(
            Guid recording, string path, string sha256, long auditEntry, IEnumerable<(int Number, string Sha256)> from, Dictionary<int, string> segments, Dictionary<long, AuditRecord> entries)
        {
            if (HashOf(path) != sha256)
                throw new WrongPart(path, "it is not what was made from the recording: its hash is another one");
            if (!entries.TryGetValue(auditEntry, out var entry) || entry.Subject != $"recording/{recording}" || !entry.Details.TryGetProperty("sha256", out var audited) || audited.GetString() != sha256)
                throw new WrongPart(path, $"audit entry {auditEntry} does not hold its hash");
            foreach (var (number, sum) in from)
            {
                if (segments.GetValueOrDefault(number) != sum)
                    throw new WrongPart(path, $"the segment {number} that it names is not the one in the recording's ledger");
            }
        }

        /// <summary>What the manifest says of a file.</summary>
        private string? HashOf(string path)
        {
            _hashes ??= _manifest.Files.ToDictionary(file => file.Path, file => file.Sha256, StringComparer.Ordinal);
            return _hashes.GetValueOrDefault(path);
        }

        private static string Witnessed(PackageSeal seal, Checkpoint head, ECDsa logKey, string name, ECDsa witnessKey)
        {
            var place = $"the witness {name}";
            var kept = seal.Witnesses.FirstOrDefault(witness => witness.Name == name) ?? throw new WrongPart(place, "it has cosigned nothing in the package");
            if (Checkpoint.Open(kept.Note, logKey, out var problem) is not { } earlier)
                throw new WrongPart(place, $"what it cosigned is no checkpoint of this log: {problem}");
            if (Cosignature.Find(kept.Note, name, witnessKey) is not { } cosigned)
                throw new WrongPart(place, "the checkpoint was not cosigned with its key");
            if (Hashes(kept.Growth) is not { } growth || !MerkleTree.IsGrowth(earlier.Size, earlier.Root, head.Size, head.Root, growth))
                throw new WrongPart(place, $"the log of the package has not grown out of the {earlier.Size} entries that it cosigned: there are two versions (a fork)");
            return $"{name} vouches for {earlier.Size} entries ({cosigned.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'})";
        }

        private static List<byte[]>? Hashes(IReadOnlyList<string> hex)
        {
            try
            {
                return [.. hex.Select(Convert.FromHexString)];
            }
            catch (FormatException)
            {
                return null;
            }
        }

        private async Task<byte[]> ReadAsync(string name)
        {
            if (!_parts.TryGetValue(name, out var part))
                throw new WrongPart(name, "it is missing");
            if (part.Length > MostText)
                throw new WrongPart(name, $"it has {part.Length} bytes");

            // What the directory says of the length is nobody's word: no more than that is read.
            await using var stream = await part.OpenAsync(cancellation);
            var bytes = new byte[part.Length];
            var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
            return bytes[..read];
        }
    }

    /// <summary>The first thing that is wrong.</summary>
    private sealed class WrongPart(string place, string problem) : Exception(problem)
    {
        public string Place => place;
    }
}

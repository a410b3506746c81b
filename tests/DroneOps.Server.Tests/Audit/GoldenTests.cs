using System.Security.Cryptography;
using DroneOps.Server.Audit;

namespace DroneOps.Server.Tests.Audit;

/// <summary>A log and a checkpoint that were written by other programs (Python's hashlib, OpenSSL) from the published
/// definitions.</summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "audit");

    [Fact]
    public void A_log_and_a_checkpoint_made_elsewhere_are_verified()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(Folder, AuditFiles.PublicKeyName)));
        var scan = AuditScan.Read(Folder, File.ReadAllText(Path.Combine(Folder, AuditFiles.CheckpointName)), key);
        Assert.Null(scan.Bad);
        Assert.Equal((3, 3), (scan.Count, scan.Checkpoint!.Size));
    }

    [Fact]
    public void Our_bytes_for_the_same_entries_are_theirs()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "entries-000000000000.log"));
        var previous = AuditFormat.Genesis;
        for (var i = 0; i < lines.Length; i++)
        {
            var entry = new AuditEntry("user:pilot", "vehicle.commanded", $"vehicle/{i}", new { command = "hold" });
            var bytes = AuditFormat.Encode(entry, AuditFormat.ToJson(entry.Details), i, new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero), previous);
            previous = AuditFormat.LeafHash(bytes);
            Assert.Equal(lines[i], $"{Convert.ToHexStringLower(previous)} {System.Text.Encoding.UTF8.GetString(bytes)}");
        }
    }
}

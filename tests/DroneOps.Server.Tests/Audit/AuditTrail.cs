using System.Security.Cryptography;
using DroneOps.Server.Audit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Audit;

/// <summary>A log of its own in a temporary folder.</summary>
internal sealed class AuditTrail : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("droneops-audit-").FullName;

    public string Folder => Path.Combine(_root, "audit");

    public string KeyFile => Path.Combine(_root, "keys", "key.pem");

    public FakeTimeProvider Time { get; private set; } = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>What the log threw when it stopped the process.</summary>
    public List<Exception> Stops { get; } = [];

    public string File => Path.Combine(Folder, "entries-000000000000.log");

    /// <summary>Opens it on a disk of the test's.</summary>
    public AuditLog Open(AuditWrite write) => AuditLog.Open(Folder, KeyFile, write, Time, Stops.Add, NullLogger<AuditLog>.Instance);

    public AuditLog Open() => AuditLog.Open(Folder, KeyFile, Time, Stops.Add, NullLogger<AuditLog>.Instance);

    /// <summary>Writes entries and closes the log.</summary>
    public async Task WriteAsync(int count)
    {
        await using var log = Open();
        await Task.WhenAll(Enumerable.Range(0, count).Select(number => log.AppendAsync(new AuditEntry("user:pilot", "vehicle.commanded", $"vehicle/{number}", new { command = "hold", number }), default)));
    }

    /// <summary>The next log that is opened finds the clock earlier.</summary>
    public void SetClockBack(TimeSpan by) => Time = new FakeTimeProvider(Time.GetUtcNow() - by);

    /// <summary>Checks the files as an auditor would.</summary>
    public AuditScan Scan(params KeptHead[] kept)
    {
        using var key = PublicKey();
        return AuditScan.Read(Folder, System.IO.File.ReadAllText(Path.Combine(Folder, AuditFiles.CheckpointName)), key, kept);
    }

    /// <summary>The newest checkpoint.</summary>
    public Checkpoint Head()
    {
        using var key = PublicKey();
        return Checkpoint.Open(System.IO.File.ReadAllText(Path.Combine(Folder, AuditFiles.CheckpointName)), key, out _)!;
    }

    private ECDsa PublicKey()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(System.IO.File.ReadAllText(Path.Combine(Folder, AuditFiles.PublicKeyName)));
        return key;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DroneOps.Server.Audit;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace DroneOps.Server.Tests.Harness.Ledger;

/// <summary>Kills a writing process at random moments and looks whether all that it had acknowledged is there: every audit entry under its number, every
/// state of a sortie, every correction; and whether the log opens, verified, without anybody's help.</summary>
/// <param name="program">The program that runs <see cref="LedgerWriter"/>, and what comes before the writer's own arguments.</param>
internal sealed class LedgerKills(params IReadOnlyList<string> program)
{
    private static readonly string[] States = ["flying", "landed", "closed"];

    public int Kills { get; private set; }

    /// <summary>Kills before the first write of a sortie was acknowledged.</summary>
    public int Early { get; private set; }

    public long Audited { get; private set; }

    public long Sorties { get; private set; }

    public long Corrections { get; private set; }

    public List<string> Faults { get; } = [];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kills} kills ({Early} before the first sortie); acknowledged {Audited:N0} audit entries, {Sorties:N0} writes of sorties, {Corrections:N0} corrections; {Faults.Count} faults");

    /// <summary>Kills on one folder and database, from nothing; the folder stays when a fault was found.</summary>
    /// <param name="told">Called after each kill.</param>
    public async Task RunAsync(string provider, string connection, int count, int seed, Action told, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("droneops-ledger-").FullName;
        string[] where = [folder, provider, connection];
        await using (var db = StorageModule.Open(LedgerWriter.Storage(where)))
            await db.Database.MigrateAsync(cancellation);
        var checkedTo = 0L;
        for (var kill = 0; kill < count && Faults.Count == 0; kill++)
        {
            var said = await RunAndKillAsync([.. where, (seed + kill).ToString(CultureInfo.InvariantCulture)], random, cancellation);
            var (a, s, c) = (Of(said, "A"), Of(said, "S"), Of(said, "C"));
            checkedTo = await CheckAuditAsync(folder, a, checkedTo, Faults);
            await CheckDatabaseAsync(where, s, c, Faults, cancellation);
            (Kills, Early, Audited, Sorties, Corrections) = (Kills + 1, Early + (s.Count == 0 ? 1 : 0), Audited + a.Count, Sorties + s.Count, Corrections + c.Count);
            told();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Faults.Count == 0)
            Directory.Delete(folder, recursive: true);
        else
            Faults.Add($"kept {folder}");
    }

    /// <returns>What the process said, up to its end.</returns>
    private async Task<List<string>> RunAndKillAsync(string[] arguments, Random random, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program[0], [.. program.Skip(1), .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        List<string> said = [];
        var up = new TaskCompletionSource();
        var reading = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            {
                said.Add(line);
                if (line.StartsWith("S ", StringComparison.Ordinal))
                    up.TrySetResult();
            }

            up.TrySetResult();
        }, cancellation);

        // One in ten is killed while it starts, in the recovery from the kill before; the others when the first write of a sortie is acknowledged, or a while after it.
        if (random.Next(10) == 0)
        {
            await PassAsync(random.Next(50, 1500), cancellation);
        }
        else
        {
            await up.Task;
            await PassAsync(random.Next(1, 1200), cancellation);
        }

        if (process.HasExited)
            throw new InvalidOperationException($"The writer ended by itself with code {process.ExitCode}: {string.Join(" | ", said.TakeLast(3))}");
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        await reading;

        // A line without its end was not acknowledged.
        return said;
    }

    private static async Task PassAsync(int milliseconds, CancellationToken cancellation)
    {
        using PeriodicTimer moment = new(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
        await moment.WaitForNextTickAsync(cancellation);
    }

    private static List<string[]> Of(List<string> said, string kind) => [.. said.Select(line => line.Split(' ')).Where(words => words[0] == kind && words.Length == 3)];

    /// <summary>Opens the log as a start does, which verifies all of it.</summary>
    private static async Task<long> CheckAuditAsync(string folder, List<string[]> acknowledged, long from, List<string> faults)
    {
        try
        {
            await using var log = AuditLog.Open(Path.Combine(folder, "audit"), Path.Combine(folder, "keys", "audit-signing-key.pem"), TimeProvider.System, _ => { }, NullLogger<AuditLog>.Instance);
            var there = log.Read(from, log.Count).ToDictionary(record => record.Sequence, record => JsonSerializer.Serialize(record));
            foreach (var words in acknowledged)
            {
                if (!there.TryGetValue(long.Parse(words[1], CultureInfo.InvariantCulture), out var record) || !record.Contains(words[2], StringComparison.Ordinal))
                    faults.Add($"audit entry {words[1]} ({words[2]}) was acknowledged and is not there");
            }

            return log.Count;
        }
        catch (DroneOps.Server.StartupException refused)
        {
            faults.Add($"the log does not open: {refused.Message}");
            return from;
        }
    }

    private static async Task CheckDatabaseAsync(string[] where, List<string[]> sorties, List<string[]> corrections, List<string> faults, CancellationToken cancellation)
    {
        await using var db = StorageModule.Open(LedgerWriter.Storage(where));
        var rows = await db.Set<SortieRecord>().AsNoTracking().Select(row => new { row.Id, row.IsClosed, row.LandedAt }).ToDictionaryAsync(row => row.Id, row => row.IsClosed ? 2 : row.LandedAt is null ? 0 : 1, cancellation);
        foreach (var words in sorties)
        {
            if (!rows.TryGetValue(Guid.Parse(words[1]), out var state) || state < Array.IndexOf(States, words[2]))
                faults.Add($"sortie {words[1]} was {words[2]} and is not");
        }

        var values = (await db.Set<SortieCorrection>().AsNoTracking().Select(correction => correction.NewValue).ToListAsync(cancellation)).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(corrections.Where(words => !values.Contains(words[2])).Select(words => $"correction {words[2]} of sortie {words[1]} was acknowledged and is not there"));
    }
}

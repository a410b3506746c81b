using System.Globalization;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Tests.Harness.Ledger;

namespace DroneOps.Benchmarks;

/// <summary>Kills of the writing process by the hundred, see <see cref="LedgerKills"/>; and that process.</summary>
internal sealed class LedgerBenchmark : ISystemBenchmark
{
    private const int KillsPerFolder = 25;

    public string Name => "ledger";

    public string Summary => "a writing process killed at random moments: whether all it acknowledged is there and verifies [sqlite|postgres] [COUNT] [SEED]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (arguments is ["write", ..])
            return await LedgerWriter.RunAsync([.. arguments.Skip(1)], cancellationToken);
        var store = arguments.Count > 0 ? arguments[0] : "sqlite";
        var count = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 100;
        var seed = arguments.Count > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 1;
        Console.WriteLine(Machine.Describe());
        var kills = new LedgerKills(Environment.ProcessPath!, Name, "write");
        if (store == "sqlite")
            return await KillAsync("SQLite", kills, () => Task.FromResult(("Sqlite", "")), count, seed, cancellationToken);
        await using var postgres = await PrivatePostgres.StartAsync();
        return await KillAsync("PostgreSQL", kills, async () =>
        {
            await postgres.ExecuteAsync("postgres", $"CREATE DATABASE ledger{kills.Kills}");
            return ("Postgres", postgres.ConnectionString($"ledger{kills.Kills}"));
        }, count, seed, cancellationToken);
    }

    private static async Task<int> KillAsync(string name, LedgerKills kills, Func<Task<(string Provider, string Connection)>> databaseAsync, int count, int seed, CancellationToken cancellation)
    {
        while (kills.Kills < count && kills.Faults.Count == 0)
        {
            var (provider, connection) = await databaseAsync();
            await kills.RunAsync(provider, connection, Math.Min(KillsPerFolder, count - kills.Kills), seed + kills.Kills, Tell, cancellation);
        }

        foreach (var fault in kills.Faults.Take(10))
            Console.WriteLine($"MISS {fault}");
        return kills.Faults.Count == 0 ? 0 : 1;

        void Tell()
        {
            if (kills.Kills % 10 == 0)
                Console.WriteLine($"{name}: {kills}");
        }
    }
}

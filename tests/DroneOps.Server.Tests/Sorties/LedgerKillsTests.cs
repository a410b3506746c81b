using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Tests.Harness.Ledger;

namespace DroneOps.Server.Tests.Sorties;

/// <summary>A process that writes audit entries, sorties and corrections is killed: what it acknowledged is there, on both stores.</summary>
public abstract class LedgerKillsTests(Store store)
{
    private const int Kills = 4;

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_after_it()
    {
        var kills = new LedgerKills(Environment.ProcessPath!, "ledger");
        var connection = store == Store.Postgres ? await PostgresCluster.NewDatabaseAsync() : "";
        await kills.RunAsync(store.ToString(), connection, Kills, seed: 5, () => { }, TestContext.Current.CancellationToken);
        Assert.Empty(kills.Faults);
        Assert.Equal(Kills, kills.Kills);
        Assert.True(kills is { Audited: > 0, Sorties: > 0 }, kills.ToString());
    }

    public sealed class OnSqlite() : LedgerKillsTests(Store.Sqlite);

    public sealed class OnPostgres() : LedgerKillsTests(Store.Postgres);
}

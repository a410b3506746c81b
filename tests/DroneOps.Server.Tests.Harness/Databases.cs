using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Harness;

/// <summary>The database behind a test server: what a test looks up in it, and how it breaks.</summary>
internal static class Databases
{
    /// <summary>A context on the server's database.</summary>
    public static Task<FleetDb> OpenDatabaseAsync(this TestServer server) =>
        server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

    /// <summary>Takes a table away: until it is brought back every statement that names it fails in the store itself.</summary>
    public static Task TakeAwayAsync(this TestServer server, string table) => RenameAsync(server, table, table + "_away");

    /// <summary>Brings a table back as it was.</summary>
    public static Task BringBackAsync(this TestServer server, string table) => RenameAsync(server, table + "_away", table);

    private static async Task RenameAsync(TestServer server, string from, string to)
    {
        await using var db = await server.OpenDatabaseAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // A table's name cannot be a parameter; both names are the test's own.
        command.CommandText = $"ALTER TABLE {from} RENAME TO {to}";
#pragma warning restore CA2100
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

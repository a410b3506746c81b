using DroneOps.Server.Storage.Sqlite;
using DroneOps.Server.Tests.Harness;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Tests.Storage;

[Collection(On.Sqlite)]
public sealed class RelaxedCommitsTests(SqliteServer server)
{
    private const long Normal = 1;
    private const long Full = 2;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_does_not_wait_for_the_disk_and_then_does_again(bool fails)
    {
        await using var db = await server.Server.OpenDatabaseAsync();
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        Assert.Equal(Full, await SynchronousAsync(connection));
        var meanwhile = 0L;

        var working = RelaxedCommits.RunAsync(connection, async () =>
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            meanwhile = await SynchronousAsync(connection);
            if (fails)
                throw new TimeoutException();
        });

        Assert.Equal(fails, await Record.ExceptionAsync(() => working) is TimeoutException);
        Assert.Equal((Normal, Full), (meanwhile, await SynchronousAsync(connection)));
    }

    private static async Task<long> SynchronousAsync(SqliteConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous";
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}

using Microsoft.Data.Sqlite;

namespace DroneOps.Server.Storage.Sqlite;

/// <summary>Commits that do not wait for the disk, for rows that come all the time and of which the last moments may be lost with the mains.</summary>
/// <remarks>The write-ahead log keeps the file whole, and what the operating system has taken outlives this process. The connection goes back
/// to the pool as it was: the next one to have it may write a decision.</remarks>
internal static class RelaxedCommits
{
    /// <summary>Does work whose commits do not wait.</summary>
    /// <param name="connection">An open connection, in no transaction.</param>
    /// <param name="work">Begins and commits its own transactions.</param>
    public static async Task RunAsync(SqliteConnection connection, Func<Task> work)
    {
        Set(connection, "PRAGMA synchronous=NORMAL");
        try
        {
            await work();
        }
        finally
        {
            Restore(connection);
        }
    }

    private static void Restore(SqliteConnection connection)
    {
        try
        {
            Set(connection, "PRAGMA synchronous=FULL");
        }
        catch (SqliteException)
        {
            // It would be lent again as it is: let the pool forget it.
            SqliteConnection.ClearPool(connection);
            throw;
        }
    }

    private static void Set(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // One of the two literals above.
        command.CommandText = pragma;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

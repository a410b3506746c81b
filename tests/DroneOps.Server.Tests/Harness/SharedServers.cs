using DroneOps.Server.Tests.Harness;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace DroneOps.Server.Tests.Harness;

/// <summary>One server per store that all tests share. A test on it makes its own things (new names) and does not
/// move its clock; one that restarts, moves the clock or sets options starts a <see cref="TestServer"/> of its own.</summary>
public abstract class SharedServer(Store store) : IAsyncLifetime
{
    private TestServer? _server;

    public Store Store => store;

    public TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(store);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Server.DisposeAsync();
    }
}

/// <summary>The shared server on SQLite.</summary>
public sealed class SqliteServer() : SharedServer(Store.Sqlite);

/// <summary>The shared server on PostgreSQL.</summary>
public sealed class PostgresServer() : SharedServer(Store.Postgres);

/// <summary>Collections: a store's tests run one after another, the two stores side by side.</summary>
public static class On
{
    public const string Sqlite = "SQLite";
    public const string Postgres = "PostgreSQL";

    [CollectionDefinition(Sqlite)]
    public sealed class SqliteCollection : ICollectionFixture<SqliteServer>;

    [CollectionDefinition(Postgres)]
    public sealed class PostgresCollection : ICollectionFixture<PostgresServer>;
}

using DroneOps.Server.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DroneOps.Server.Tests.Storage;

public sealed class OutageTests
{
    public static TheoryData<Exception> Outages =>
    [
        new SqliteException("database is locked", 5),
        new NpgsqlException("the connection broke"),
        new TimeoutException(),
        new DbUpdateException("not saved", new SqliteException("disk full", 13)),
        new InvalidOperationException("likely due to a transient failure", new NpgsqlException("no answer", new TimeoutException())),
    ];

    public static TheoryData<Exception> Mistakes =>
    [
        new InvalidOperationException("a mistake of ours"),
        new InvalidOperationException("a mistake of ours", new ArgumentException("wrong")),
        new OperationCanceledException(),
    ];

    [Theory]
    [MemberData(nameof(Outages), DisableDiscoveryEnumeration = true)]
    public void A_failure_of_the_store_is_known_in_every_wrapping(Exception error) => Assert.True(Outage.Is(error));

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void A_mistake_of_ours_is_not_taken_for_one(Exception error) => Assert.False(Outage.Is(error));
}

using DroneOps.Server.Airspace;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Tests.Storage;

public abstract class StorageTests(SharedServer shared)
{
    [Fact]
    public async Task The_migration_is_what_the_model_says()
    {
        await using var db = await OpenAsync();
        Assert.False(db.Database.HasPendingModelChanges(), "Run src/DroneOps.Server/Storage/regenerate-migrations and commit what it writes.");
    }

    [Fact]
    public async Task A_time_comes_back_to_the_microsecond_and_sorts_across_offsets()
    {
        var early = new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.FromHours(8)).AddMicroseconds(123456);
        var late = new DateTimeOffset(2026, 5, 1, 0, 0, 1, TimeSpan.Zero);
        var kind = await StoreAsync(("early", new Point(117.6, 24.5), early), ("late", new Point(117.6, 24.5), late));
        await using var db = await OpenAsync();
        var rows = await db.Set<Feature>().Where(row => row.Kind == kind && row.ChangedAt < late).OrderBy(row => row.ChangedAt).ToListAsync();
        Assert.Equal(early, Assert.Single(rows).ChangedAt);
        Assert.Equal(TimeSpan.Zero, rows[0].ChangedAt.Offset);
    }

    [Fact]
    public async Task The_spatial_question_is_answered_exactly_and_not_by_the_box()
    {
        var corner = new Polygon(new LinearRing([new(117.0, 24.0), new(117.1, 24.0), new(117.0, 24.1), new(117.0, 24.0)]));
        var kind = await StoreAsync(
            ("inside", new Point(117.02, 24.02), TestServer.Begin),
            ("in-the-box-only", new Point(117.09, 24.09), TestServer.Begin),
            ("far", new Point(118.0, 25.0), TestServer.Begin));
        await using var db = await OpenAsync();
        var inBox = await db.Set<Feature>().Where(row => row.Kind == kind).InBox(corner.EnvelopeInternal).CountAsync();
        var meeting = await db.MeetingAsync(db.Set<Feature>().Where(row => row.Kind == kind), corner, TestContext.Current.CancellationToken);
        Assert.Equal(2, inBox);
        Assert.Equal("inside", Assert.Single(meeting).Id);
    }

    [Fact]
    public async Task A_geometry_comes_back_as_it_was_stored()
    {
        var line = new LineString([new(117.0, 24.0), new(117.123456789, 24.987654321)]);
        var kind = await StoreAsync(("line", line, TestServer.Begin));
        await using var db = await OpenAsync();
        var read = await db.Set<Feature>().SingleAsync(row => row.Kind == kind);
        Assert.True(line.EqualsExact(read.Shape));
        Assert.Equal((117.0, 24.987654321), (read.West, read.North));
    }

    [Fact]
    public async Task The_second_of_two_writers_of_a_row_is_refused()
    {
        var kind = await StoreAsync(("row", new Point(117, 24), TestServer.Begin));
        await using var first = await OpenAsync();
        await using var second = await OpenAsync();
        var one = await first.Set<Feature>().SingleAsync(row => row.Kind == kind);
        var other = await second.Set<Feature>().SingleAsync(row => row.Kind == kind);
        one.ChangedBy = "first";
        other.ChangedBy = "second";
        await first.SaveChangesAsync();
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => second.SaveChangesAsync());
    }

    private Task<FleetDb> OpenAsync() => shared.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

    private async Task<string> StoreAsync(params (string Id, Geometry Shape, DateTimeOffset At)[] rows)
    {
        // Of a kind of its own, so that neither lists nor the snapshot see it.
        var kind = $"test-{Guid.NewGuid():N}";
        await using var db = await OpenAsync();
        db.AddRange(rows.Select(row => new Feature { Kind = kind, Id = row.Id, Shape = row.Shape, Properties = "{}", ChangedAt = row.At, ChangedBy = "test" }));
        await db.SaveChangesAsync();
        return kind;
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : StorageTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : StorageTests(server);
}

using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.CameraRules;
using DroneOps.Server.Oversight;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Oversight;

/// <summary>Cameras that did not do their duty, among what an auditor finds, on both stores. Each test has a day of its own.</summary>
public abstract class CameraFindingTests(SharedServer shared)
{
    private static readonly (double Lon, double Lat)[] Line = [(117.600, 24.400), (117.610, 24.400)];

    [Fact]
    public async Task A_breach_is_listed_with_the_sortie_that_was_in_the_air_its_length_and_the_duty_of_the_leg()
    {
        var (day, vehicle, other) = (Day(1), NewVehicle(), NewVehicle());
        var before = await FlownRows.FlyAsync(shared.Server, day, Line, vehicle: vehicle);
        var sortie = await FlownRows.FlyAsync(shared.Server, before.DisarmedAt!.Value.AddSeconds(10), Line, vehicle: vehicle);
        await FlownRows.FlyAsync(shared.Server, sortie.TakeoffAt, Line, vehicle: other);
        await BreakAsync(vehicle, BreachKind.RecordedOnTheWay, sortie.TakeoffAt.AddSeconds(20), 12.34, item: 3);
        await BreakAsync(vehicle, BreachKind.NotRecordedAtScene, sortie.TakeoffAt.AddSeconds(50), 8);
        await BreakAsync(vehicle, BreachKind.LooksDown, before.TakeoffAt.AddSeconds(5), 4, zone: "实验小学");

        var found = await FindingsAsync(day, day.AddDays(1));
        Assert.Equal(
            [(before.Id, "looksDown", "noRecord", 4.0), (sortie.Id, "recordedOnTheWay", "transit", 12.3), (sortie.Id, "notRecordedAtScene", "scene", 8.0)],
            found.OrderBy(finding => finding.GetProperty("at").GetDateTimeOffset()).Select(finding => (
                finding.GetProperty("sortieId").GetGuid(), Camera(finding, "breach").GetString(), Camera(finding, "duty").GetString(), finding.GetProperty("value").GetDouble())));
        var onTheWay = found.Single(finding => Camera(finding, "breach").GetString() == "recordedOnTheWay");
        Assert.Equal((3, sortie.TakeoffAt.AddSeconds(20)), (Camera(onTheWay, "item").GetInt32(), onTheWay.GetProperty("at").GetDateTimeOffset()));
        Assert.Equal("实验小学", found.Single(finding => Camera(finding, "breach").GetString() == "looksDown").GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_breach_without_a_sortie_is_listed_by_itself_on_the_day_it_began()
    {
        var (day, vehicle) = (Day(2), NewVehicle());
        var sortie = await FlownRows.FlyAsync(shared.Server, day, Line, vehicle: vehicle);
        await BreakAsync(vehicle, BreachKind.RecordedInNoRecordZone, sortie.DisarmedAt!.Value.AddMinutes(30), 60, zone: "看守所");
        var alone = Assert.Single(await FindingsAsync(day, day.AddDays(1)));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, vehicle), (alone.GetProperty("sortieId").ValueKind, alone.GetProperty("takeoffAt").ValueKind, alone.GetProperty("vehicleName").GetString()));
        Assert.Equal(("看守所", 60.0), (alone.GetProperty("name").GetString(), alone.GetProperty("value").GetDouble()));
        Assert.Empty(await FindingsAsync(day.AddDays(1), day.AddDays(2)));
    }

    [Fact]
    public async Task A_breach_that_goes_over_midnight_is_on_the_day_of_its_sortie_alone()
    {
        var (day, early, late) = (Day(3), NewVehicle(), NewVehicle());
        var begun = await FlownRows.FlyAsync(shared.Server, day.AddDays(1).AddSeconds(-30), Line, vehicle: early);
        await BreakAsync(early, BreachKind.NotRecordedAtScene, begun.TakeoffAt.AddSeconds(60), 9);
        var armed = await FlownRows.FlyAsync(shared.Server, day.AddDays(1).AddSeconds(2), Line, vehicle: late);
        await BreakAsync(late, BreachKind.LooksDown, armed.ArmedAt!.Value.AddSeconds(1), 7);
        Assert.Equal([begun.Id], (await FindingsAsync(day, day.AddDays(1))).Select(finding => finding.GetProperty("sortieId").GetGuid()));
        Assert.Equal([armed.Id], (await FindingsAsync(day.AddDays(1), day.AddDays(2))).Select(finding => finding.GetProperty("sortieId").GetGuid()));
    }

    [Fact]
    public async Task A_breach_on_one_of_two_hops_is_on_the_one_that_was_in_the_air_when_it_began()
    {
        var (day, vehicle) = (Day(4), NewVehicle());
        var first = await FlownRows.FlyAsync(shared.Server, day, Line, vehicle: vehicle);
        var second = await FlownRows.FlyAsync(shared.Server, first.LandedAt!.Value.AddSeconds(3), Line, vehicle: vehicle);
        var breach = new BreachRecord { Id = Guid.NewGuid(), VehicleId = vehicle, StreamId = "s", Kind = BreachKind.LooksDown, At = second.TakeoffAt, EndedAt = second.TakeoffAt.AddSeconds(4) };
        Assert.Equal(second.Id, CameraFindings.SortieOf(breach, [first, second])?.Id);
        Assert.Null(CameraFindings.SortieOf(breach, []));

        // What is flown now has no end yet, and the breach none either.
        var flying = await FlownRows.FlyAsync(shared.Server, day.AddHours(1), Line, vehicle: vehicle, isClosed: false);
        var going = new BreachRecord { Id = Guid.NewGuid(), VehicleId = vehicle, StreamId = "s", Kind = BreachKind.LooksDown, At = flying.LastHeardAt.AddMinutes(2) };
        Assert.Equal(flying.Id, CameraFindings.SortieOf(going, [first, second, flying])?.Id);
    }

    private static JsonElement Camera(JsonElement finding, string name) => finding.GetProperty("camera").GetProperty(name);

    private static string NewVehicle() => $"{Guid.NewGuid():n}"[..8];

    /// <summary>The beginning of a day of the city that no other test flies on.</summary>
    private static DateTimeOffset Day(int number) => new(2019, 3, 1 + (3 * number), 16, 0, 0, TimeSpan.Zero);

    private async Task BreakAsync(string vehicle, BreachKind kind, DateTimeOffset at, double seconds, int? item = null, string? zone = null)
    {
        await using var db = await shared.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync();
        db.Add(new BreachRecord { Id = Guid.CreateVersion7(at), VehicleId = vehicle, StreamId = $"{vehicle}-visible", Kind = kind, At = at, EndedAt = at.AddSeconds(seconds), Item = item, Zone = zone });
        await db.SaveChangesAsync();
    }

    private async Task<List<JsonElement>> FindingsAsync(DateTimeOffset from, DateTimeOffset to)
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var answer = await auditor.GetAsync<JsonElement>($"/api/v1/oversight/findings?kind=cameraBreach&from={Rfc3339.Text(from)}&to={Rfc3339.Text(to)}");
        var items = answer.GetProperty("items").EnumerateArray().ToList();
        var counted = answer.GetProperty("counts").EnumerateArray().Where(count => count.GetProperty("kind").GetString() == "cameraBreach").Sum(count => count.GetProperty("findings").GetInt32());
        Assert.Equal(items.Count, counted);
        return items;
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : CameraFindingTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : CameraFindingTests(server);
}

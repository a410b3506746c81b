using System.Text.Json;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Tests.Harness.Flights;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Sorties;

/// <summary>Hundreds of made-up flights through the sortie log and its database, on both stores.</summary>
public abstract class FlightStoryLogTests(Store store)
{
    private const int Stories = 60;

    [Fact]
    public async Task What_was_flown_is_in_the_database_and_every_sum_of_hours_is_the_same()
    {
        await using var server = await TestServer.StartAsync(store);
        var events = server.Services.GetRequiredService<FleetEvents>();
        var quiescence = server.Services.GetRequiredService<Quiescence>();
        List<FlightStory> stories = [];
        for (var i = 0; i < Stories; i++)
        {
            var story = FlightStory.Of(7_000_000 + i, StoryOptions.Everything with { MayRestart = false });
            List<FleetEvent> told = [];
            new StoryTeller(story, 1).Tell(new StoryStation(story, 1) { OnFact = fact => told.Add(new FleetEvent.Observed(Id(i), fact)) });
            foreach (var happened in told)
                await events.PublishAsync(happened, TestContext.Current.CancellationToken);
            await quiescence.WhenIdleAsync();
            stories.Add(story);
        }

        await using var db = await server.OpenDatabaseAsync();
        var rows = await db.Set<SortieRecord>().AsNoTracking().OrderBy(row => row.TakeoffAt).ToListAsync(TestContext.Current.CancellationToken);
        List<string> faults = [];
        for (var i = 0; i < Stories; i++)
            faults.AddRange(StoryCheck.Faults(stories[i], [.. rows.Where(row => row.VehicleId == Id(i)).Select(Closed)]));
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(15)));
        Assert.Equal(stories.Sum(story => story.Sorties.Count), rows.Count);

        using var auditor = await server.SignInAsync("auditor");
        foreach (var groupBy in new[] { "vehicle", "pilot", "battery", "day", "month", "purpose", "dutyMode", "unit", "dock" })
        {
            var hours = await auditor.GetAsync<JsonElement>($"/api/v1/flightHours?groupBy={groupBy}");
            foreach (var (name, wanted) in new[] { ("airborneSeconds", rows.Sum(row => PurposeSpan.Milliseconds(row.AirborneS))), ("armedSeconds", rows.Sum(row => PurposeSpan.Milliseconds(row.ArmedS))), ("sorties", rows.Count * 1000L) })
            {
                Assert.Equal(wanted, PurposeSpan.Milliseconds(hours.GetProperty("items").EnumerateArray().Sum(row => row.GetProperty(name).GetDouble())));
                Assert.Equal(wanted, PurposeSpan.Milliseconds(hours.GetProperty("total").GetProperty(name).GetDouble()));
            }
        }
    }

    private static string Id(int story) => $"{5000 + story}";

    private static SortieDraft Closed(SortieRecord row)
    {
        var draft = SortieDraft.Of(row);
        draft.DisarmedAt = row.DisarmedAt;
        return draft;
    }

    public sealed class OnSqlite() : FlightStoryLogTests(Store.Sqlite);

    public sealed class OnPostgres() : FlightStoryLogTests(Store.Postgres);
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Alarms;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Tests.FieldLinks;

/// <summary>What crews told of a call that is merged into another: it goes on there, and back when that was a mistake.</summary>
public abstract class CrewMergeTests(Store store)
{
    private const string Crew = "巡警-07";
    private const string Other = "巡警-12";
    private const string Third = "特警-03";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_for_help_goes_on_at_the_incident_that_its_call_becomes()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var (call, survivor) = (await dispatcher.ReportAsync(), await dispatcher.ReportAsync());
        await SayAsync(server, dispatcher, call, Crew, "arrived", "helpNeeded");
        var alarms = server.Services.GetRequiredService<AlarmBook>();
        var first = Assert.Single(alarms.Open);
        await PostAsync(dispatcher, $"alerts/{first.Id}/ack", new { });

        await PostAsync(dispatcher, $"incidents/{call}/merge", new { into = survivor, reason = "the same" });
        Settle(server);
        var second = Assert.Single(alarms.Standing);
        Assert.Equal(($"incident/{survivor}/unit/{Crew}", true, first.At), (second.Subject, second.Life.CallsForAttention, second.At));
        Assert.Equal([(Crew, "arrived"), (Crew, "helpNeeded")], await ToldAsync(dispatcher, survivor));
        var arrived = (await IncidentAsync(dispatcher, call)).StageAt("UnitOnScene").GetString();
        Assert.NotNull(arrived);
        Assert.Equal(arrived, (await IncidentAsync(dispatcher, survivor)).StageAt("UnitOnScene").GetString());

        await PostAsync(dispatcher, $"incidents/{call}/unmerge", new { reason = "another one" });
        Settle(server);
        Assert.Equal($"incident/{call}/unit/{Crew}", Assert.Single(alarms.All, alarm => alarm.Life.IsActive).Subject);
        Assert.Empty(await ToldAsync(dispatcher, survivor));
        Assert.Equal(JsonValueKind.Null, (await IncidentAsync(dispatcher, survivor)).StageAt("UnitOnScene").ValueKind);
    }

    [Fact]
    public async Task Several_calls_keep_the_order_of_time_and_each_takes_back_its_own()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var (one, other, survivor) = (await dispatcher.ReportAsync(), await dispatcher.ReportAsync(), await dispatcher.ReportAsync());
        await SayAsync(server, dispatcher, one, Crew, "helpNeeded");
        await SayAsync(server, dispatcher, other, Other, "arrived");
        await SayAsync(server, dispatcher, survivor, Third, "arrived");
        await SayAsync(server, dispatcher, other, Other, "helpNeeded");
        await SayAsync(server, dispatcher, one, Crew, "arrived");
        await PostAsync(dispatcher, $"incidents/{one}/merge", new { into = survivor, reason = "the same" });
        await PostAsync(dispatcher, $"incidents/{other}/merge", new { into = survivor, reason = "the same" });
        Assert.Equal([(Crew, "helpNeeded"), (Other, "arrived"), (Third, "arrived"), (Other, "helpNeeded"), (Crew, "arrived")], await ToldAsync(dispatcher, survivor));

        // The crew of the first call says there what it could say nowhere else; the survivor's own crew goes on as before.
        await SayAsync(server, dispatcher, survivor, Third, "helpNeeded");
        await SayAsync(server, dispatcher, survivor, Crew, "helpOver");
        await PostAsync(dispatcher, $"incidents/{one}/unmerge", new { reason = "another one" });
        Assert.Equal([(Other, "arrived"), (Third, "arrived"), (Other, "helpNeeded"), (Third, "helpNeeded"), (Crew, "helpOver")], await ToldAsync(dispatcher, survivor));
        Assert.Equal([(Crew, "helpNeeded"), (Crew, "arrived"), (Crew, "helpOver")], await ToldAsync(dispatcher, one));
        Settle(server);
        AssertCalling(server, (survivor, Other), (survivor, Third));

        await PostAsync(dispatcher, $"incidents/{one}/merge", new { into = survivor, reason = "the same after all" });
        Assert.Equal(
            [(Crew, "helpNeeded"), (Other, "arrived"), (Third, "arrived"), (Other, "helpNeeded"), (Crew, "arrived"), (Third, "helpNeeded"), (Crew, "helpOver")], await ToldAsync(dispatcher, survivor));
        await PostAsync(dispatcher, $"incidents/{other}/unmerge", new { reason = "another one" });
        Settle(server);
        AssertCalling(server, (other, Other), (survivor, Third));
    }

    [Fact]
    public async Task A_crews_phone_goes_on_at_the_incident_that_its_call_becomes_and_back()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var (call, next, survivor) = (await dispatcher.ReportAsync(117.6560), await dispatcher.ReportAsync(117.6570), await dispatcher.ReportAsync(117.6580));
        var (url, link) = await dispatcher.LinkAsync(call, Crew);
        using var phone = await CrewPhone.OpenAsync(server, url);
        using (await phone.ReportAsync("helpNeeded"))
        using (var following = await PhoneStream.OpenAsync(phone))
        {
            await following.NextAsync("incident");
            await PostAsync(dispatcher, $"incidents/{call}/merge", new { into = next, reason = "the same" });

            // It ends without the word that the link has ended: a browser comes again.
            await Assert.ThrowsAsync<EndOfStreamException>(() => following.NextAsync("ended"));
        }

        await PostAsync(dispatcher, $"incidents/{next}/merge", new { into = survivor, reason = "the same" });
        Assert.Equal(117.6580, await LongitudeAsync());
        Assert.Equal(link.GetProperty("id").GetGuid(), Assert.Single((await dispatcher.GetAsync<Page<JsonElement>>($"/api/v1/incidents/{survivor}/links")).Items).GetProperty("id").GetGuid());
        using (var over = await phone.ReportAsync("helpOver"))
            Assert.Equal(HttpStatusCode.OK, over.StatusCode);
        Assert.Equal([(Crew, "helpNeeded"), (Crew, "helpOver")], await ToldAsync(dispatcher, survivor));
        Settle(server);
        AssertCalling(server);

        using (var following = await PhoneStream.OpenAsync(phone))
        {
            await following.NextAsync("incident");
            await PostAsync(dispatcher, $"incidents/{next}/unmerge", new { reason = "another one" });
            server.Time.Advance(TimeSpan.FromSeconds(16));
            await Assert.ThrowsAsync<EndOfStreamException>(() => following.NextAsync("ended"));
            Assert.Equal(117.6570, await LongitudeAsync());
        }

        await PostAsync(dispatcher, $"incidents/{next}/merge", new { into = survivor, reason = "the same after all" });
        using (var following = await PhoneStream.OpenAsync(phone))
        {
            using (var revoked = await dispatcher.DeleteAsync(new Uri($"/api/v1/incidents/{survivor}/links/{link.GetProperty("id").GetGuid()}", UriKind.Relative), Token))
                Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
            await following.NextAsync("ended");
        }

        async Task<double> LongitudeAsync() => (await phone.IncidentAsync()).Of("incident", "location").GetProperty("coordinates")[0].GetDouble();
    }

    [Fact]
    public async Task A_link_ends_when_the_incident_that_its_call_became_is_closed()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var (call, survivor) = (await dispatcher.ReportAsync(), await dispatcher.ReportAsync());
        using var phone = await CrewPhone.OpenAsync(server, (await dispatcher.LinkAsync(call, Crew)).Url);
        await PostAsync(dispatcher, $"incidents/{call}/merge", new { into = survivor, reason = "the same" });
        using var following = await PhoneStream.OpenAsync(phone);
        await following.NextAsync("incident");
        await PostAsync(dispatcher, $"incidents/{survivor}/close", new { });
        await following.NextAsync("ended");
        Assert.Equal(HttpStatusCode.Unauthorized, await phone.StatusAsync("/field/incident"));
    }

    [Fact]
    public void A_crew_that_hammers_keeps_no_other_from_calling()
    {
        var incident = new IncidentRecord
        {
            Id = Guid.CreateVersion7(),
            Type = "theft",
            Priority = 2,
            Summary = "",
            ReportedAt = DateTimeOffset.UnixEpoch,
            ReportedBy = "test",
            Shape = new Point(117.65, 24.51),
        };
        for (var press = 0; press < CrewReport.MostOfCrew * 2; press++)
            CrewReport.Note(incident, new CrewReport(press % 2 == 0 ? CrewReportKind.HelpNeeded : CrewReportKind.HelpOver, DateTimeOffset.UnixEpoch.AddSeconds(press), Crew));
        Assert.Equal(CrewReport.MostOfCrew, incident.CrewReports.Count);
        Assert.True(CrewReport.Note(incident, new CrewReport(CrewReportKind.HelpNeeded, DateTimeOffset.UnixEpoch.AddHours(1), Other)));
        Assert.Equal([Other], CrewReport.CallsForHelp(incident.CrewReports).Select(call => call.Unit));
    }

    /// <summary>Each a second after the one before.</summary>
    private static async Task SayAsync(TestServer server, HttpClient dispatcher, Guid incident, string crew, params string[] kinds)
    {
        using var phone = await CrewPhone.OpenAsync(server, (await dispatcher.LinkAsync(incident, crew)).Url);
        foreach (var kind in kinds)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            (await phone.ReportAsync(kind)).EnsureSuccessStatusCode().Dispose();
        }
    }

    private static Task<JsonElement> IncidentAsync(HttpClient client, Guid id) => client.GetAsync<JsonElement>($"/api/v1/incidents/{id}");

    private static async Task<List<(string, string)>> ToldAsync(HttpClient client, Guid id) =>
        [.. (await IncidentAsync(client, id)).GetProperty("crewReports").EnumerateArray().Select(report => (report.GetProperty("unit").GetString()!, report.GetProperty("kind").GetString()!))];

    private static void AssertCalling(TestServer server, params (Guid Incident, string Crew)[] calling) => Assert.Equal(
        calling.Select(call => $"incident/{call.Incident}/unit/{call.Crew}").Order(StringComparer.Ordinal),
        server.Services.GetRequiredService<AlarmBook>().All.Where(alarm => alarm.Life.IsActive).Select(alarm => alarm.Subject).Order(StringComparer.Ordinal));

    private static async Task PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync($"/api/v1/{path}", body, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    /// <summary>Lets what has ended be over.</summary>
    private static void Settle(TestServer server)
    {
        server.Time.Advance(TimeSpan.FromSeconds(10));
        server.Services.GetRequiredService<AlarmBook>().Tick();
    }

    public sealed class OnSqlite() : CrewMergeTests(Store.Sqlite);

    public sealed class OnPostgres() : CrewMergeTests(Store.Postgres);
}

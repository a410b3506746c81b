using System.Net;
using System.Net.Http.Json;
using DroneOps.Server.Alarms;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.FieldLinks;

/// <summary>A crew's call for help: an alarm of its own until it is over, beside those of other crews and over restarts.</summary>
public abstract class CrewHelpTests(Store store)
{
    private const string Crew = "巡警-07";
    private const string Other = "巡警-12";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_for_help_is_an_alarm_until_it_is_over()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var id = await dispatcher.ReportAsync();
        using var phone = await CrewPhone.OpenAsync(server, (await dispatcher.LinkAsync(id, Crew)).Url);
        (await phone.ReportAsync("helpNeeded")).EnsureSuccessStatusCode().Dispose();
        var alarms = server.Services.GetRequiredService<AlarmBook>();
        var alarm = Assert.Single(alarms.Open, alarm => alarm.Code == AlarmCatalog.CrewNeedsHelp);
        Assert.Equal((AlarmPriority.Warning, id), (alarm.Priority, alarm.IncidentId));
        Assert.Contains(Crew, alarm.Text, StringComparison.Ordinal);
        (await phone.ReportAsync("helpOver")).EnsureSuccessStatusCode().Dispose();
        server.Time.Advance(TimeSpan.FromSeconds(10));
        alarms.Tick();
        Assert.False(alarms.Find(alarm.Id)!.Life.IsActive);
    }

    [Fact]
    public async Task A_second_crew_that_calls_is_heard_although_the_first_was_acknowledged()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var id = await dispatcher.ReportAsync();
        using var phone = await CrewPhone.OpenAsync(server, (await dispatcher.LinkAsync(id, Crew)).Url);
        using var other = await CrewPhone.OpenAsync(server, (await dispatcher.LinkAsync(id, Other)).Url);
        await SayAsync(phone, "helpNeeded");
        var alarms = server.Services.GetRequiredService<AlarmBook>();
        var first = Assert.Single(alarms.Open);
        await AcknowledgeAsync(dispatcher, first.Id);
        Assert.Empty(alarms.Open);

        server.Time.Advance(TimeSpan.FromMinutes(3));
        await SayAsync(other, "helpNeeded");
        var second = Assert.Single(alarms.Open);
        Assert.Equal(($"incident/{id}/unit/{Other}", id, (DateTimeOffset?)server.Time.GetUtcNow()), (second.Subject, second.IncidentId, second.AnnunciatedAt));
        Assert.Contains(Other, second.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Crew, second.Text, StringComparison.Ordinal);

        await SayAsync(phone, "helpOver");
        Settle(server);
        Assert.Equal([second.Id], alarms.Standing.Select(alarm => alarm.Id));
        await SayAsync(other, "helpOver");
        Settle(server);
        Assert.False(alarms.Find(second.Id)!.Life.IsActive);
    }

    [Fact]
    public async Task A_restart_keeps_the_alarms_of_crews_that_still_call_and_ends_the_others()
    {
        await using var server = await TestServer.StartAsync(store);
        using var dispatcher = await server.SignInAsync(Roles.Dispatcher);
        var id = await dispatcher.ReportAsync();
        using var phone = await CrewPhone.OpenAsync(server, (await dispatcher.LinkAsync(id, Crew)).Url);
        await SayAsync(phone, "helpNeeded");
        var kept = Assert.Single(server.Services.GetRequiredService<AlarmBook>().Open);

        // One of a crew that has its help, and one that is about all crews of the incident, as older versions wrote it.
        foreach (var subject in new[] { $"incident/{id}/unit/{Other}", $"incident/{id}" })
            server.Services.GetRequiredService<AlarmBook>().Apply(new Condition.Raise(AlarmCatalog.CrewNeedsHelp, subject, server.Time.GetUtcNow(), AlarmPriority.Warning, "theft: needs help.") { IncidentId = id });
        await server.RestartAsync();
        Settle(server);
        Assert.Equal([kept.Id], server.Services.GetRequiredService<AlarmBook>().All.Where(alarm => alarm.Life.IsActive).Select(alarm => alarm.Id));
    }

    private static async Task SayAsync(CrewPhone phone, string kind)
    {
        using var answer = await phone.ReportAsync(kind);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task AcknowledgeAsync(HttpClient dispatcher, Guid alarm)
    {
        using var answer = await dispatcher.PostAsJsonAsync($"/api/v1/alerts/{alarm}/ack", new { }, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Lets what has ended be over.</summary>
    private static void Settle(TestServer server)
    {
        server.Time.Advance(TimeSpan.FromSeconds(10));
        server.Services.GetRequiredService<AlarmBook>().Tick();
    }

    public sealed class OnSqlite() : CrewHelpTests(Store.Sqlite);

    public sealed class OnPostgres() : CrewHelpTests(Store.Postgres);
}

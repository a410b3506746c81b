using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Incidents;

public abstract class ImportTests(SharedServer shared)
{
    private const string Incidents = "/api/v1/incidents";

    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    [Fact]
    public async Task History_is_taken_once_and_is_closed_and_known_the_second_time()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var key = Guid.NewGuid().ToString("n");
        var file = Gb18030.GetBytes($"警情编号,警情类别,等级,报警时间,经度,纬度,简要警情,到场时间,处置结果,未知列\r\n{key}-1,盗窃,二级,2026-03-01 08:15:30,117.65,24.51,手机被盗,2026-03-01 08:21:05,已立案,x\r\n{key}-2,打架,1,2026-03-02 08:15:30,117.66,24.52,,,,\r\n");
        var dry = await SendAsync(dispatcher, file, "?dryRun=true");
        Assert.Equal((2, 0, 0, true, "gb18030"), (Count(dry, "taken"), Count(dry, "known"), Count(dry, "refused"), dry.GetProperty("isDryRun").GetBoolean(), dry.GetProperty("encoding").GetString()!.ToLowerInvariant()));
        Assert.Null(dry.GetProperty("columns")[9].GetProperty("understoodAs").GetString());

        var first = await SendAsync(dispatcher, file, "");
        Assert.Equal((2, 0, 0), (Count(first, "taken"), Count(first, "known"), Count(first, "refused")));
        Assert.Contains("'打架' is not one of the city's", first.GetProperty("items")[1].GetProperty("why").GetString(), StringComparison.Ordinal);
        var second = await SendAsync(dispatcher, file, "");
        Assert.Equal((0, 2, 0), (Count(second, "taken"), Count(second, "known"), Count(second, "refused")));

        var listed = await dispatcher.GetAsync<Page<JsonElement>>($"{Incidents}?limit=1000");
        var incident = listed.Items.Single(item => item.GetProperty("externalNumber").GetString() == $"{key}-1");
        Assert.Equal(("closed", "import", "theft", "已立案"), (incident.GetProperty("state").GetString(), incident.GetProperty("source").GetString(), incident.GetProperty("type").GetString(), incident.GetProperty("note").GetString()));
        var arrived = incident.GetProperty("timeAxis").EnumerateArray().Single(step => step.GetProperty("stage").GetString() == "UnitOnScene");
        Assert.Equal(("2026-03-01T00:21:05Z", "import"), (arrived.GetProperty("at").GetString(), arrived.GetProperty("source").GetString()));
        using var sent = await dispatcher.PostAsync($"{Incidents}/{incident.GetProperty("id").GetGuid()}/dispatch", null);
        await sent.ReadProblemAsync(HttpStatusCode.Conflict, "incident-closed");
    }

    [Fact]
    public async Task Each_line_says_what_became_of_it_and_bad_ones_do_not_hold_the_others_back()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var key = Guid.NewGuid().ToString("n");
        var report = await SendAsync(dispatcher, Encoding.UTF8.GetBytes($"number;time;lon;lat\n{key};2026-03-01 08:00:00;117.65;24.51\n{key};2026-03-01 08:00:00;117.65;24.51\n\"{key}\n2\";2026-03-01 08:00:00;24.51;117.65\n{key}-3;2026-03-01 08:00:00;117,65;24,51\n"), "");
        Assert.Equal(
            [(2, "taken"), (3, "refused"), (4, "refused"), (6, "taken")],
            report.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("line").GetInt32(), item.GetProperty("result").GetString()!)));
        Assert.Contains("stands in line 2 already", report.GetProperty("items")[1].GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Contains("swapped", report.GetProperty("items")[2].GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_known_number_that_says_something_else_is_left_and_named()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var key = Guid.NewGuid().ToString("n");
        await (await dispatcher.PostAsJsonAsync(Incidents, new { externalNumber = key, type = "theft", priority = 2, location = new { type = "Point", coordinates = new[] { 117.65, 24.51 } } })).ReadAsync<JsonElement>(HttpStatusCode.Created);
        var report = await SendAsync(dispatcher, Encoding.UTF8.GetBytes($"number,type,priority,time,lon,lat\n{key},theft,1,2026-03-01 08:00:00,117.65,24.51\n"), "?datum=wgs84");
        Assert.Equal("known", report.GetProperty("items")[0].GetProperty("result").GetString());
        Assert.Contains("priority 2, now 1", report.GetProperty("items")[0].GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lon,lat\n1,2\n", "", "No column holds the number")]
    [InlineData("", "", "no heading")]
    [InlineData("number,time,lon,lat\n", "?datum=bd09", "wgs84 or gcj02")]
    public async Task A_file_that_cannot_be_history_is_refused_as_a_whole(string text, string query, string expected)
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var answer = await PostAsync(dispatcher, Encoding.UTF8.GetBytes(text), query);
        Assert.Contains(expected, (await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_report_may_not_import()
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var answer = await PostAsync(auditor, "number,time,lon,lat\n"u8.ToArray(), "");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static int Count(JsonElement report, string what) => report.GetProperty(what).GetInt32();

    private static async Task<JsonElement> SendAsync(HttpClient client, byte[] file, string query)
    {
        using var answer = await PostAsync(client, file, query);
        return await answer.ReadAsync<JsonElement>(HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, byte[] file, string query)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        return await client.PostAsync($"{Incidents}/import{query}", content, TestContext.Current.CancellationToken);
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : ImportTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : ImportTests(server);
}

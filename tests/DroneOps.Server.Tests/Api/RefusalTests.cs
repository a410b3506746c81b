using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Api;

/// <summary>What bad input gets: what is wrong and where, in words for the sender, and nothing half done.</summary>
public abstract class RefusalTests(SharedServer shared)
{
    private const string Incidents = "/api/v1/incidents";

    [Theory]
    [InlineData("{\"type\":5}", "#/type", "not of the kind")]
    [InlineData("{\"type\":\"theft\",\"priorty\":1}", "#/priorty", "no property priorty")]
    [InlineData("{\"type\":", "#/type", "JSON")]
    [InlineData("[]", "#", "not of the kind")]
    [InlineData("{\"type\":\"theft\",\"location\":{\"type\":\"LineString\",\"coordinates\":[117.655,24.513]}}", "#/location", "GeoJSON Point")]
    [InlineData("{\"type\":\"theft\",\"reportedAt\":\"2026-05-01T08:00:00\"}", "#/reportedAt", "offset")]
    [InlineData("{\"type\":\"theft\",\"reportedAt\":\"2027-05-01T08:00:00Z\"}", "#/reportedAt", "future")]
    public async Task A_body_that_cannot_be_taken_is_refused_with_the_place_and_no_name_of_our_code(string body, string place, string says)
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var before = (await dispatcher.GetAsync<Page<JsonElement>>($"{Incidents}?limit=1000")).Items.Count;

        using var answer = await dispatcher.PostAsync(Incidents, Json(body));

        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), fault => fault.GetProperty("pointer").GetString() == place && fault.GetProperty("detail").GetString()!.Contains(says, StringComparison.Ordinal));
        Assert.DoesNotContain("DroneOps.", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(before, (await dispatcher.GetAsync<Page<JsonElement>>($"{Incidents}?limit=1000")).Items.Count);
    }

    [Fact]
    public async Task A_request_without_a_body_is_told_that_it_needs_one()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var answer = await dispatcher.PostAsync(Incidents, Json(""));
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal("A JSON body is needed.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("/api/v1/sorties?from=2026-01-01", "from", "offset")]
    [InlineData("/api/v1/sorties?to=yesterday", "to", "offset")]
    [InlineData("/api/v1/flightHours?from=2026-01-01T00:00:00", "from", "offset")]
    [InlineData("/api/v1/sorties?limit=many", "limit", "whole number")]
    [InlineData("/api/v1/sorties?near=24.513,117.655&withinM=10", "near", "lon,lat")]
    [InlineData("/api/v1/sorties?cursor=bm9uZQ", "cursor", "not a cursor")]
    [InlineData("/api/v1/incidents?cursor=bm9uZQ", "cursor", "not a cursor")]
    [InlineData("/api/v1/incidents?open=perhaps", "open", "true or false")]
    [InlineData("/api/v1/flightHours?groupBy=week", "groupBy", "vehicle")]
    [InlineData("/api/v1/outcomes?groupBy=week", "groupBy", "month")]
    public async Task A_query_that_cannot_be_read_names_its_parameter(string path, string parameter, string says)
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var answer = await admin.GetAsync(path);
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        var fault = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(parameter, fault.GetProperty("pointer").GetString());
        Assert.Contains(says, fault.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plus_sign_that_was_not_escaped_is_read_as_one()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        await admin.GetAsync<JsonElement>("/api/v1/sorties?from=2026-05-01T08:00:00+08:00");
    }

    [Theory]
    [InlineData("garbage", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("\"no-such-version\"", HttpStatusCode.PreconditionFailed, "stale-etag")]
    [InlineData("W/\"1\"", HttpStatusCode.PreconditionFailed, "stale-etag")]
    public async Task A_condition_that_cannot_hold_stops_the_change(string tag, HttpStatusCode status, string slug)
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var dock = await admin.GetAsync<JsonElement>("/api/v1/docks/dock-longwen");
        using var change = new HttpRequestMessage(HttpMethod.Put, "/api/v1/docks/dock-longwen")
        {
            Content = JsonContent.Create(new { type = "Feature", properties = dock.GetProperty("properties"), geometry = dock.GetProperty("geometry") }),
        };
        change.Headers.TryAddWithoutValidation("If-Match", tag);

        using var answer = await admin.SendAsync(change);

        await answer.ReadProblemAsync(status, slug);
        Assert.Equal(dock.GetProperty("etag").GetString(), (await admin.GetAsync<JsonElement>("/api/v1/docks/dock-longwen")).GetProperty("etag").GetString());
    }

    [Fact]
    public async Task The_same_key_may_come_again_after_a_body_that_could_not_be_read()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        var key = Guid.NewGuid().ToString();
        using var unreadable = await PostAsync(dispatcher, key, "{\"type\":");
        await unreadable.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var again = await PostAsync(dispatcher, key, "{\"type\":");
        await again.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var right = await PostAsync(dispatcher, key, "{\"type\":\"theft\",\"location\":{\"type\":\"Point\",\"coordinates\":[117.655,24.513]}}");
        Assert.Equal(HttpStatusCode.Created, right.StatusCode);
    }

    [Fact]
    public async Task A_missing_right_says_which_roles_have_it()
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var answer = await auditor.PostAsync("/api/v1/areas", Json("{}"));
        var problem = await answer.ReadProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        Assert.Equal("Your role (auditor) may not do this; it takes admin.", problem.GetProperty("detail").GetString());
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Incidents) { Content = Json(body) };
        request.Headers.Add(Idempotency.Header, key);
        return await client.SendAsync(request);
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : RefusalTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : RefusalTests(server);
}

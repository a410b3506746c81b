using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Dispatch;

public abstract class EventIntakeTests(SharedServer shared)
{
    private const string Events = "/api/v1/incidents/events";
    private const string Reported = "cn.droneops.incident.reported";
    private const string Moved = "cn.droneops.incident.moved";
    private const string Closed = "cn.droneops.incident.closed";
    private static readonly double[] Market = [117.657, 24.512];

    [Fact]
    public async Task An_event_is_the_request_it_stands_for_and_is_done_once()
    {
        using var centre = await shared.Server.TokenAsync(Roles.Integration);
        var number = Guid.NewGuid().ToString();
        var sent = Event(Reported, null, new { externalNumber = number, type = "theft", location = Point() });
        var done = await (await PostAsync(centre, sent)).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(("done", 201), (done.GetProperty("outcome").GetString(), done.GetProperty("status").GetInt32()));
        var incident = done.GetProperty("answer").GetProperty("id").GetGuid();
        Assert.Equal("repeated", (await (await PostAsync(centre, sent)).ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("outcome").GetString());

        // Another event about the same call, as a second system would send it.
        var again = await (await PostAsync(centre, Event(Reported, null, new { externalNumber = number, type = "theft", location = Point() }))).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal((200, incident), (again.GetProperty("status").GetInt32(), again.GetProperty("answer").GetProperty("id").GetGuid()));

        var closed = await (await PostAsync(centre, Event(Closed, number, new { note = "已处置" }))).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(("closed", "已处置"), (closed.GetProperty("answer").GetProperty("state").GetString(), closed.GetProperty("answer").GetProperty("note").GetString()));
    }

    [Fact]
    public async Task A_report_without_a_number_takes_the_events_subject_and_can_be_closed_by_it()
    {
        using var centre = await shared.Server.TokenAsync(Roles.Integration);
        var subject = Guid.NewGuid().ToString();
        var done = await (await PostAsync(centre, Event(Reported, subject, new { type = "fire", location = Point() }))).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(subject, done.GetProperty("answer").GetProperty("externalNumber").GetString());
        await (await PostAsync(centre, Event(Closed, done.GetProperty("answer").GetProperty("id").GetString(), new { }))).ReadAsync<JsonElement>(HttpStatusCode.OK);
        await (await PostAsync(centre, Event(Closed, "no such number", new { }))).ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await PostAsync(centre, Event(Closed, null, new { }))).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task A_moved_incident_is_where_the_event_says_once_and_keeps_where_it_was()
    {
        using var centre = await shared.Server.TokenAsync(Roles.Integration);
        var number = Guid.NewGuid().ToString();
        await (await PostAsync(centre, Event(Reported, number, new { type = "theft", location = Point() }))).ReadAsync<JsonElement>(HttpStatusCode.OK);

        var moving = Event(Moved, number, new { location = Point(117.660), reason = "嫌疑人往东逃跑" });
        var moved = await (await PostAsync(centre, moving)).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(("done", 200), (moved.GetProperty("outcome").GetString(), moved.GetProperty("status").GetInt32()));
        Assert.Equal(117.660, moved.GetProperty("answer").GetProperty("location").GetProperty("coordinates")[0].GetDouble(), 6);
        var former = Assert.Single(moved.GetProperty("answer").GetProperty("formerPlaces").EnumerateArray());
        Assert.Equal(("嫌疑人往东逃跑", 117.657), (former.GetProperty("reason").GetString(), Math.Round(former.GetProperty("location").GetProperty("coordinates")[0].GetDouble(), 6)));
        Assert.Equal("repeated", (await (await PostAsync(centre, moving)).ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("outcome").GetString());

        // As the request would be refused.
        await (await PostAsync(centre, Event(Moved, number, new { location = Point(117.661) }))).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await (await PostAsync(centre, Event(Moved, "no such number", new { location = Point(), reason = "x" }))).ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await PostAsync(centre, Event(Closed, number, new { }))).ReadAsync<JsonElement>(HttpStatusCode.OK);
        await (await PostAsync(centre, Event(Moved, number, new { location = Point(), reason = "x" }))).ReadProblemAsync(HttpStatusCode.Conflict, "incident-closed");
    }

    [Fact]
    public async Task Another_implementations_event_moves_an_incident()
    {
        using var centre = await shared.Server.TokenAsync(Roles.Integration);
        const string Number = "JQ-2026-0117";
        await (await PostAsync(centre, Event(Reported, Number, new { type = "theft", location = Point() }))).ReadAsync<JsonElement>(HttpStatusCode.OK);
        var golden = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "cloudevents", "moved.json"), TestContext.Current.CancellationToken);
        using var content = new ByteArrayContent(golden);
        content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.Structured);
        var moved = await (await centre.PostAsync(new Uri(Events, UriKind.Relative), content)).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal((Number, "元光南路与新华东路口"), (moved.GetProperty("answer").GetProperty("externalNumber").GetString(), moved.GetProperty("answer").GetProperty("address").GetString()));
        Assert.Equal(117.6601, moved.GetProperty("answer").GetProperty("location").GetProperty("coordinates")[0].GetDouble(), 6);
    }

    [Fact]
    public async Task Binary_mode_has_the_attributes_in_headers()
    {
        using var centre = await shared.Server.TokenAsync(Roles.Integration);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Events, UriKind.Relative)) { Content = JsonContent.Create(new { type = "theft", location = Point() }) };
        foreach (var (name, value) in new[] { ("specversion", "1.0"), ("id", Guid.NewGuid().ToString()), ("source", "urn:example:110"), ("type", Reported), ("subject", "JQ%E4%B8%80" + Guid.NewGuid()) })
            request.Headers.Add($"ce-{name}", value);
        var done = await (await centre.SendAsync(request)).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.StartsWith("JQ一", done.GetProperty("answer").GetProperty("externalNumber").GetString(), StringComparison.Ordinal);
        using var bare = JsonContent.Create(new { });
        var problem = await (await centre.PostAsync(new Uri(Events, UriKind.Relative), bare)).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("ce-id", problem.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task A_batch_says_of_each_event_what_became_of_it()
    {
        using var centre = await shared.Server.TokenAsync(Roles.Integration);
        var number = Guid.NewGuid().ToString();
        object[] events =
        [
            Event(Reported, number, new { type = "theft", location = Point() }),
            Event("com.example.weather.changed", null, new { }),
            Event(Reported, null, new { type = "theft", location = new { type = "Point", coordinates = (double[])[24.512, 117.657] } }),
            Event(Reported, null, new { tpye = "theft" }),
            Event(Closed, number, new { }),
        ];
        var page = await (await PostAsync(centre, events, CloudEvent.Batch)).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(["done", "ignored", "refused", "refused", "done"], page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("outcome").GetString()));
        Assert.Contains("swapped", page.GetProperty("items")[2].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("tpye", page.GetProperty("items")[3].GetProperty("reason").GetString(), StringComparison.Ordinal);

        // One that is no event, and nothing of the batch is done.
        var other = Guid.NewGuid().ToString();
        var broken = new[] { Event(Reported, other, new { type = "theft", location = Point() }), new() { ["specversion"] = "1.0" } };
        var problem = await (await PostAsync(centre, broken, CloudEvent.Batch)).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("#/1/id", problem.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()));
        await (await PostAsync(centre, Event(Closed, other, new { }))).ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task An_event_of_another_type_is_accepted_and_ignored_with_the_reason()
    {
        using var centre = await shared.Server.TokenAsync(Roles.Integration);
        var ignored = await (await PostAsync(centre, Event("com.example.weather.changed", null, new { }))).ReadAsync<JsonElement>(HttpStatusCode.Accepted);
        Assert.Equal("ignored", ignored.GetProperty("outcome").GetString());
        Assert.Contains("com.example.weather.changed", ignored.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_event_is_tried_again_when_it_comes_again()
    {
        using var centre = await shared.Server.TokenAsync(Roles.Integration);
        var number = Guid.NewGuid().ToString();
        var closing = Event(Closed, number, new { });
        await (await PostAsync(centre, closing)).ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await PostAsync(centre, Event(Reported, number, new { type = "theft", location = Point() }))).ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal("done", (await (await PostAsync(centre, closing)).ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task The_handshake_is_answered_to_anybody_and_events_only_taken_from_those_with_the_right()
    {
        using var stranger = shared.Server.Anonymous();
        using var question = new HttpRequestMessage(HttpMethod.Options, new Uri(Events, UriKind.Relative));
        question.Headers.Add("WebHook-Request-Origin", "dispatch.example");
        using var answer = await stranger.SendAsync(question);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("dispatch.example", Assert.Single(answer.Headers.GetValues("WebHook-Allowed-Origin")));
        Assert.Equal("600", Assert.Single(answer.Headers.GetValues("WebHook-Allowed-Rate")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(stranger, Event(Reported, null, new { }))).StatusCode);
        using var auditor = await shared.Server.TokenAsync(Roles.Auditor);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(auditor, Event(Reported, null, new { }))).StatusCode);
    }

    private static object Point() => new { type = "Point", coordinates = Market };

    private static object Point(double longitude) => new { type = "Point", coordinates = (double[])[longitude, Market[1]] };

    private static Dictionary<string, object?> Event(string type, string? subject, object data) =>
        new Dictionary<string, object?> { ["specversion"] = "1.0", ["id"] = Guid.NewGuid().ToString(), ["source"] = "urn:example:110", ["type"] = type, ["subject"] = subject, ["data"] = data };

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, object body, string mediaType = CloudEvent.Structured)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, new MediaTypeHeaderValue(mediaType, "utf-8"));
        return await client.PostAsync(new Uri(Events, UriKind.Relative), content);
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : EventIntakeTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : EventIntakeTests(server);
}

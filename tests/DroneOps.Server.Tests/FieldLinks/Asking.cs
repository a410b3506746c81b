using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.FieldLinks;

/// <summary>What the tests of links ask for over and over.</summary>
internal static class Asking
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Reports a theft in the old city.</summary>
    public static async Task<Guid> ReportAsync(this HttpClient dispatcher, double lon = 117.6560, double lat = 24.5120)
    {
        var report = new { externalNumber = Guid.NewGuid().ToString(), type = "theft", priority = 2, summary = "电动车被盗", location = new { type = "Point", coordinates = new[] { lon, lat } } };
        using var answer = await dispatcher.PostAsJsonAsync("/api/v1/incidents", report, Token);
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    /// <summary>Opens a link.</summary>
    public static async Task<(string Url, JsonElement Link)> LinkAsync(this HttpClient dispatcher, Guid incident, string callSign, int? minutes = null)
    {
        using var answer = await dispatcher.PostAsJsonAsync($"/api/v1/incidents/{incident}/links", new { callSign, minutes }, Token);
        var made = await answer.ReadAsync<JsonElement>(HttpStatusCode.Created);
        return (made.GetProperty("url").GetString()!, made.GetProperty("link"));
    }

    public static JsonElement Of(this JsonElement element, string name, string inner) => element.GetProperty(name).GetProperty(inner);

    public static JsonElement StageAt(this JsonElement incident, string stage) =>
        incident.GetProperty("timeAxis").EnumerateArray().Single(step => step.GetProperty("stage").GetString() == stage).GetProperty("at");
}

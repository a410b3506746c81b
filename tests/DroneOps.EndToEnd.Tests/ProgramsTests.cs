using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace DroneOps.EndToEnd.Tests;

/// <summary>The programs as an operator starts them: the service and the simulator as processes, MAVLink over UDP between them, HTTP in front.</summary>
public sealed class ProgramsTests
{
    [Fact]
    public async Task The_real_programs_see_a_simulated_drone_and_take_an_incident()
    {
        await using var programs = await RunningPrograms.StartAsync([], ["--count", "1"], "UAV-01");

        using var client = new HttpClient { BaseAddress = new Uri(programs.Address, "api/v1/") };
        await SignInAsync(client);
        var vehicles = await client.GetFromJsonAsync<JsonElement>("vehicles");
        Assert.Equal("UAV-01", vehicles.GetProperty("items")[0].GetProperty("name").GetString());

        using var reported = await client.PostAsJsonAsync("incidents", new
        {
            externalNumber = "110-1",
            type = "theft",
            priority = 1,
            summary = "",
            location = new { type = "Point", coordinates = new[] { 117.657, 24.512 } },
        });
        Assert.Equal(HttpStatusCode.Created, reported.StatusCode);
        Assert.True(File.Exists(Path.Combine(programs.Data, "droneops.db")));
    }

    private static async Task SignInAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync("session", new { userName = "dispatcher", password = Started.Password });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var session = await answer.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Add("X-XSRF-TOKEN", session.GetProperty("antiforgeryToken").GetString());
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;

namespace DroneOps.Server.Tests.Harness;

/// <summary>Reading answers, with the body in the failure message.</summary>
public static class Answers
{
    /// <summary>JSON as the server writes it.</summary>
    public static readonly JsonSerializerOptions Json = Make();

    /// <summary>Asserts the status and reads the body.</summary>
    public static async Task<T> ReadAsync<T>(this HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {(int)status}: {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<T>(Json))!;
    }

    /// <summary>Asserts problem details of a type and reads them.</summary>
    /// <param name="slug">The end of the type URN.</param>
    public static async Task<JsonElement> ReadProblemAsync(this HttpResponseMessage answer, HttpStatusCode status, string slug)
    {
        var problem = await answer.ReadAsync<JsonElement>(status);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Problems.Prefix + slug, problem.GetProperty("type").GetString());
        return problem;
    }

    /// <summary>GET and read.</summary>
    public static async Task<T> GetAsync<T>(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return await answer.ReadAsync<T>(HttpStatusCode.OK);
    }

    private static JsonSerializerOptions Make()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        ApiModule.ConfigureJson(json);
        return json;
    }
}

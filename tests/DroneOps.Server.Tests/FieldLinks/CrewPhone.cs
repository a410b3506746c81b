using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.FieldLinks;

/// <summary>A crew's phone: a browser without an account that has opened a link.</summary>
internal sealed class CrewPhone : IDisposable
{
    private CrewPhone(HttpClient client, CookieContainer cookies) => (Client, Cookies) = (client, cookies);

    public HttpClient Client { get; }

    public CookieContainer Cookies { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A phone that has opened nothing yet.</summary>
    public static CrewPhone New(TestServer server)
    {
        var cookies = new CookieContainer();
        return new(new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = server.Address }, cookies);
    }

    /// <summary>A phone that opens a link by its address.</summary>
    public static async Task<CrewPhone> OpenAsync(TestServer server, string url)
    {
        var phone = New(server);
        Assert.Equal(HttpStatusCode.NoContent, await phone.TryAsync(TextOf(url)));
        return phone;
    }

    public static string TextOf(string url) => new Uri(url).Fragment.TrimStart('#');

    public async Task<HttpStatusCode> TryAsync(string? text)
    {
        using var answer = await Client.PostAsJsonAsync("/field/session", new { token = text }, Token);
        return answer.StatusCode;
    }

    public Task<JsonElement> IncidentAsync() => Client.GetAsync<JsonElement>("/field/incident");

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
        return answer.StatusCode;
    }

    public Task<HttpResponseMessage> ReportAsync(string kind) => Client.PostAsJsonAsync("/field/reports", new { kind }, Token);

    public Task<HttpResponseMessage> StandAsync(double lon, double lat, DateTimeOffset? at = null) =>
        Client.PutAsJsonAsync("/field/position", new { location = new { type = "Point", coordinates = new[] { lon, lat } }, at }, Token);

    public void Dispose() => Client.Dispose();
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Api;

[Collection(On.Sqlite)]
public sealed class PipelineTests(SqliteServer shared)
{
    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    public async Task What_watches_the_service_needs_no_sign_in(string path)
    {
        using var client = shared.Server.Anonymous();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        using var client = shared.Server.Anonymous();
        using var answer = await client.GetAsync(new Uri("/healthz/live", UriKind.Relative));
        Assert.StartsWith("default-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("GET", "/api/v1/nowhere", HttpStatusCode.NotFound, "not-found")]
    [InlineData("PATCH", "/api/v1/areas", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    public async Task What_is_not_there_is_problem_details_and_never_a_page(string method, string path, HttpStatusCode status, string slug)
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var answer = await admin.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        await answer.ReadProblemAsync(status, slug);
    }

    [Theory]
    [InlineData("{\"type\":", "application/json", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("<xml/>", "application/xml", HttpStatusCode.UnsupportedMediaType, "unsupported-media-type")]
    public async Task An_unreadable_body_is_problem_details(string body, string type, HttpStatusCode status, string slug)
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var answer = await admin.PostAsync(new Uri("/api/v1/areas", UriKind.Relative), new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)));
        await answer.ReadProblemAsync(status, slug);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_it_is_read()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("/api/v1/areas", UriKind.Relative)) { Content = new StringContent(new string(' ', 1_100_000), Encoding.UTF8, "application/json") };

        // It asks before it sends: the server closes on what it does not read, and who is still writing then may never see the answer.
        request.Headers.ExpectContinue = true;
        using var answer = await admin.SendAsync(request);
        await answer.ReadProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=5000", "limit")]
    [InlineData("cursor=%21%21", "cursor")]
    [InlineData("bbox=1,2,3", "bbox")]
    public async Task A_wrong_parameter_is_named(string query, string parameter)
    {
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        using var answer = await pilot.GetAsync(new Uri($"/api/v1/areas?{query}", UriKind.Relative));
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(parameter, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }
}

using System.Net;
using System.Net.Http.Json;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Accounts;

public abstract class SessionTests(SharedServer shared)
{
    private const string Session = "/api/v1/session";

    [Fact]
    public async Task Signing_in_answers_the_user_and_sets_a_strict_cookie()
    {
        using var client = shared.Server.Anonymous();
        using var answer = await client.PostAsJsonAsync(Session, new { userName = "pilot", password = TestServer.Password });
        var session = await answer.ReadAsync<SessionView>(HttpStatusCode.OK);
        Assert.Equal(("pilot", "pilot"), (session.UserName, session.Role));
        Assert.NotEmpty(session.AntiforgeryToken!);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(text => text.StartsWith("droneops.session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer()
    {
        using var client = shared.Server.Anonymous();
        using var wrong = await client.PostAsJsonAsync(Session, new { userName = "auditor", password = "wrong" });
        using var unknown = await client.PostAsJsonAsync(Session, new { userName = "nobody", password = "wrong" });
        var first = await wrong.ReadProblemAsync(HttpStatusCode.Unauthorized, "sign-in-refused");
        var second = await unknown.ReadProblemAsync(HttpStatusCode.Unauthorized, "sign-in-refused");
        Assert.Equal(first.GetProperty("detail").GetString(), second.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Without_a_session_an_api_call_gets_401_as_problem_details()
    {
        using var client = shared.Server.Anonymous();
        using var answer = await client.GetAsync(new Uri(Session, UriKind.Relative));
        await answer.ReadProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task Without_the_right_an_api_call_gets_403_as_problem_details()
    {
        using var client = await shared.Server.SignInAsync(Roles.Pilot);
        using var answer = await client.GetAsync(new Uri("/api/v1/audit/entries", UriKind.Relative));
        await answer.ReadProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Fact]
    public async Task An_unsafe_verb_without_the_antiforgery_token_is_refused()
    {
        using var client = await shared.Server.SignInAsync(Roles.Pilot);
        client.DefaultRequestHeaders.Remove(AntiforgeryCheck.Header);
        using var answer = await client.DeleteAsync(new Uri(Session, UriKind.Relative));
        await answer.ReadProblemAsync(HttpStatusCode.Forbidden, "antiforgery");
    }

    [Fact]
    public async Task A_request_from_a_foreign_page_is_refused()
    {
        using var client = await shared.Server.SignInAsync(Roles.Pilot);
        client.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example");
        using var answer = await client.DeleteAsync(new Uri(Session, UriKind.Relative));
        await answer.ReadProblemAsync(HttpStatusCode.Forbidden, "foreign-origin");
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        using var client = await shared.Server.SignInAsync(Roles.Pilot);
        using var closed = await client.DeleteAsync(new Uri(Session, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, closed.StatusCode);
        using var after = await client.GetAsync(new Uri(Session, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task Sign_ins_and_refusals_are_in_the_audit_log()
    {
        using var client = shared.Server.Anonymous();
        var name = $"ghost-{Guid.NewGuid():N}";
        using var refused = await client.PostAsJsonAsync(Session, new { userName = name, password = "wrong" });
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var refusals = await auditor.GetAsync<Page<AuditRecord>>($"/api/v1/audit/entries?action=session.refused&subject=account/{name}");
        var opened = await auditor.GetAsync<Page<AuditRecord>>("/api/v1/audit/entries?action=session.opened&actor=user:auditor&limit=1");
        Assert.Equal("unknown name", Assert.Single(refusals.Items).Details.GetProperty("reason").GetString());
        Assert.Single(opened.Items);
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : SessionTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : SessionTests(server);
}

using System.Net;
using System.Net.Http.Json;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Accounts;

public abstract class AccountTests(SharedServer shared)
{
    private const string Accounts = "/api/v1/accounts";
    private const string GoodPassword = "fifteen letters or more";

    [Fact]
    public async Task A_new_account_signs_in_with_its_roles()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var made = await MakeAsync(admin, Roles.Pilot, Roles.Dispatcher);
        using var client = shared.Server.Anonymous();
        var session = await SignInAsync(client, made.UserName, GoodPassword);
        Assert.Equal(Roles.Pilot, session.Role);
        Assert.Equal([Roles.Dispatcher, Roles.Pilot], session.Roles.Order());
    }

    [Fact]
    public async Task A_short_password_is_refused_and_a_long_plain_one_is_not()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var answer = await admin.PostAsJsonAsync(Accounts, new { userName = NewName(), password = "Sh0rt!pass", roles = new[] { Roles.Pilot } });
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal("#/password", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        await MakeAsync(admin, Roles.Pilot);
    }

    [Fact]
    public async Task Wrong_roles_and_taken_names_are_refused()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var role = await admin.PostAsJsonAsync(Accounts, new { userName = NewName(), password = GoodPassword, roles = new[] { "king" } });
        await role.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var name = await admin.PostAsJsonAsync(Accounts, new { userName = "PILOT", password = GoodPassword, roles = new[] { Roles.Pilot } });
        await name.ReadProblemAsync(HttpStatusCode.Conflict, "name-taken");
    }

    [Fact]
    public async Task The_list_names_everybody_without_secrets()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var answer = await admin.GetAsync(new Uri($"{Accounts}?limit=1000", UriKind.Relative));
        var page = await answer.ReadAsync<Page<AccountView>>(HttpStatusCode.OK);
        Assert.Contains(page.Items, account => account is { UserName: "auditor", Demo: true } && account.Roles.Single() == Roles.Auditor);
        Assert.DoesNotContain("hash", await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_person_changes_the_own_password_with_the_present_one()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var made = await MakeAsync(admin, Roles.Pilot);
        using var client = shared.Server.Anonymous();
        var session = await SignInAsync(client, made.UserName, GoodPassword);
        client.DefaultRequestHeaders.Add(AntiforgeryCheck.Header, session.AntiforgeryToken);
        using var wrong = await client.PutAsJsonAsync("/api/v1/session/password", new { present = "not it", password = "another good long one" });
        await wrong.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var right = await client.PutAsJsonAsync("/api/v1/session/password", new { present = GoodPassword, password = "another good long one" });
        await right.ReadAsync<SessionView>(HttpStatusCode.OK);
        using var again = shared.Server.Anonymous();
        await SignInAsync(again, made.UserName, "another good long one");
    }

    [Fact]
    public async Task A_dispatcher_does_not_see_the_accounts()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var answer = await dispatcher.GetAsync(new Uri(Accounts, UriKind.Relative));
        await answer.ReadProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
    }

    private static string NewName() => $"person-{Guid.NewGuid():N}";

    private static async Task<AccountView> MakeAsync(HttpClient admin, params string[] roles)
    {
        using var answer = await admin.PostAsJsonAsync(Accounts, new { userName = NewName(), displayName = "值班员", password = GoodPassword, roles });
        return await answer.ReadAsync<AccountView>(HttpStatusCode.Created);
    }

    private static async Task<SessionView> SignInAsync(HttpClient client, string userName, string password)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/session", new { userName, password });
        return await answer.ReadAsync<SessionView>(HttpStatusCode.OK);
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : AccountTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : AccountTests(server);
}

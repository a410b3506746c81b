using System.Net;
using System.Net.Http.Json;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Accounts;

/// <summary>Rules that need a server of one's own: the clock moves, options differ, the server restarts.</summary>
public abstract class SignInRulesTests(Store store)
{
    private const string Session = "/api/v1/session";

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_ten_minutes()
    {
        await using var server = await TestServer.StartAsync(store);
        using var client = server.Anonymous();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(client, "pilot", "wrong"));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(client, "pilot", TestServer.Password));
        Assert.Equal(HttpStatusCode.OK, await TryAsync(client, "auditor", TestServer.Password));
        server.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(HttpStatusCode.OK, await TryAsync(client, "pilot", TestServer.Password));
    }

    [Fact]
    public async Task A_session_lives_through_a_restart_and_ends_when_idle_too_long()
    {
        await using var server = await TestServer.StartAsync(store, ("Http:Port", $"{FreePorts.Take()}"));
        using var pilot = await server.SignInAsync(Roles.Pilot);
        await server.RestartAsync();
        server.Time.Advance(TimeSpan.FromHours(11));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(pilot));
        server.Time.Advance(TimeSpan.FromHours(13));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(pilot));
    }

    [Fact]
    public async Task A_disabled_account_is_out_within_a_minute()
    {
        await using var server = await TestServer.StartAsync(store);
        using var admin = await server.SignInAsync(Roles.Admin);
        using var pilot = await server.SignInAsync(Roles.Pilot);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(pilot));
        var account = (await admin.GetAsync<Page<AccountView>>("/api/v1/accounts")).Items.Single(item => item.UserName == "pilot");
        using var changed = await admin.PutAsJsonAsync($"/api/v1/accounts/{account.Id}", new { displayName = "x", roles = account.Roles, disabled = true });
        await changed.ReadAsync<AccountView>(HttpStatusCode.OK);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(pilot));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(pilot, "pilot", TestServer.Password));
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        await using var server = await TestServer.StartAsync(store);
        using var admin = await server.SignInAsync(Roles.Admin);
        var account = (await admin.GetAsync<Page<AccountView>>("/api/v1/accounts")).Items.Single(item => item.UserName == "admin");
        using var answer = await admin.PutAsJsonAsync($"/api/v1/accounts/{account.Id}", new { displayName = "x", roles = new[] { Roles.Pilot }, disabled = false });
        await answer.ReadProblemAsync(HttpStatusCode.Conflict, "last-admin");
    }

    [Fact]
    public async Task Too_many_sign_ins_from_one_address_are_put_off()
    {
        await using var server = await TestServer.StartAsync(store, ("Accounts:SignInsPerMinute", "3"));
        using var client = server.Anonymous();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(client, $"ghost-{i}", "wrong"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync(client, "pilot", TestServer.Password));
    }

    [Fact]
    public async Task Outside_demo_mode_the_set_up_code_makes_the_first_administrator_once()
    {
        await using var server = await TestServer.StartAsync(store, ("Accounts:Demo", "false"));
        using var client = server.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync(client, "admin", TestServer.Password));
        var code = server.Services.GetRequiredService<SetupCode>().Issue();
        using var wrong = await client.PostAsJsonAsync("/api/v1/setup", new { code = "AAAA-AAAA-AAAA-AAAA", userName = "chief", password = TestServer.Password });
        await wrong.ReadProblemAsync(HttpStatusCode.Forbidden, "setup-code");
        using var weak = await client.PostAsJsonAsync("/api/v1/setup", new { code, userName = "chief", password = "short" });
        await weak.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var right = await client.PostAsJsonAsync("/api/v1/setup", new { code, userName = "chief", password = TestServer.Password });
        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        using var again = await client.PostAsJsonAsync("/api/v1/setup", new { code, userName = "second", password = TestServer.Password });
        await again.ReadProblemAsync(HttpStatusCode.Forbidden, "setup-code");
        Assert.Equal(HttpStatusCode.OK, await TryAsync(client, "chief", TestServer.Password));
    }

    [Fact]
    public async Task A_token_expires_and_can_be_revoked()
    {
        await using var server = await TestServer.StartAsync(store);
        using var admin = await server.SignInAsync(Roles.Admin);
        using var made = await admin.PostAsJsonAsync("/api/v1/tokens", new { name = "feed", role = Roles.Integration, days = 1 });
        var token = await made.ReadAsync<CreateToken.Answer>(HttpStatusCode.Created);
        using var machine = server.Anonymous();
        machine.DefaultRequestHeaders.Authorization = new("Bearer", token.Token);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(machine));
        using var other = await server.TokenAsync(Roles.Integration);
        server.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(machine));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other));
        using var later = await server.SignInAsync(Roles.Admin);
        var id = (await later.GetAsync<Page<ListTokens.View>>("/api/v1/tokens")).Items.Single(item => item.Name != "feed").Id;
        using var revoked = await later.DeleteAsync(new Uri($"/api/v1/tokens/{id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(other));
    }

    [Fact]
    public async Task A_token_made_in_the_shell_gains_its_power_through_the_audit_log()
    {
        await using var server = await TestServer.StartAsync(store);
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DroneOps.Server.Storage.FleetDb>();
        var text = ApiToken.NewText();
        db.Add(Tokens.New("shell-made", Roles.Integration, "shell:root", text, server.Time.GetUtcNow(), 10, rtsp: false));
        await db.SaveChangesAsync();
        using var machine = server.Anonymous();
        machine.DefaultRequestHeaders.Authorization = new("Bearer", text);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(machine));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(machine));
        using var auditor = await server.SignInAsync(Roles.Auditor);
        var entries = await auditor.GetAsync<Page<DroneOps.Server.Audit.AuditRecord>>("/api/v1/audit/entries?subject=token/shell-made");
        Assert.Equal("shell:root", Assert.Single(entries.Items).Actor);
    }

    private static async Task<HttpStatusCode> TryAsync(HttpClient client, string userName, string password)
    {
        using var answer = await client.PostAsJsonAsync(Session, new { userName, password });
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri(Session, UriKind.Relative));
        return answer.StatusCode;
    }

    public sealed class OnSqlite() : SignInRulesTests(Store.Sqlite);

    public sealed class OnPostgres() : SignInRulesTests(Store.Postgres);
}

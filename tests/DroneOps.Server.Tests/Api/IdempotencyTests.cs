using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Api;

public abstract class IdempotencyTests(SharedServer shared)
{
    private const string Tokens = "/api/v1/tokens";

    [Fact]
    public async Task The_same_key_and_body_get_the_same_answer_once_done()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var (key, body) = (Guid.NewGuid().ToString(), new { name = $"idem-{Guid.NewGuid():N}", role = Roles.Pilot });
        using var first = await PostAsync(admin, key, body);
        using var second = await PostAsync(admin, key, body);
        var made = await first.ReadAsync<CreateToken.Answer>(HttpStatusCode.Created);
        Assert.Equal(made, await second.ReadAsync<CreateToken.Answer>(HttpStatusCode.Created));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Contains(second.Headers, header => header.Key == Idempotency.ReplayedHeader);
    }

    [Fact]
    public async Task What_is_shown_once_does_not_lie_in_the_database_for_everybody_to_read()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var key = Guid.NewGuid().ToString();
        using var answer = await PostAsync(admin, key, new { name = $"idem-{Guid.NewGuid():N}", role = Roles.Pilot });
        var made = await answer.ReadAsync<CreateToken.Answer>(HttpStatusCode.Created);
        await using var db = await shared.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var kept = await db.Set<IdempotentRequest>().SingleAsync(request => request.Key == key, TestContext.Current.CancellationToken);
        Assert.Equal(-1, kept.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(made.Token)));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync(admin, key, new { name = $"idem-{Guid.NewGuid():N}", role = Roles.Pilot });
        using var second = await PostAsync(admin, key, new { name = $"idem-{Guid.NewGuid():N}", role = Roles.Pilot });
        await second.ReadProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
    }

    [Fact]
    public async Task Keys_of_two_callers_do_not_meet()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        using var machine = await shared.Server.TokenAsync(Roles.Admin);
        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync(admin, key, new { name = $"idem-{Guid.NewGuid():N}", role = Roles.Pilot });
        using var second = await PostAsync(machine, key, new { name = $"idem-{Guid.NewGuid():N}", role = Roles.Pilot });
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Ten_at_once_make_one_thing()
    {
        using var admin = await shared.Server.SignInAsync(Roles.Admin);
        var (key, name) = (Guid.NewGuid().ToString(), $"idem-{Guid.NewGuid():N}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync(admin, key, new { name, role = Roles.Pilot })));
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, answer.StatusCode.ToString()));
        var tokens = await admin.GetAsync<Page<JsonElement>>($"{Tokens}?limit=1000");
        Assert.Single(tokens.Items, token => token.GetProperty("name").GetString() == name);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string key, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Tokens) { Content = JsonContent.Create(body) };
        request.Headers.Add(Idempotency.Header, key);
        return client.SendAsync(request);
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : IdempotencyTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : IdempotencyTests(server);
}

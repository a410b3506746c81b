using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Accounts;

/// <summary><c>POST /tokens</c>: a key for a machine. The text is answered once and cannot be read again.</summary>
internal static class CreateToken
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("", HandleAsync).WithSummary("Make an API token; its text is shown this once");

    /// <summary>What is wrong with a token's name, role or days.</summary>
    public static IEnumerable<Fault> Faults(string? name, string? role, int? days)
    {
        if (name is null || name.Length is 0 or > 64 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
        {
            yield return new Fault("#/name", "name is 1 to 64 letters, digits, '-', '_' or '.'.");
        }

        if (role is null || !Roles.All.Contains(role))
        {
            yield return new Fault("#/role", $"role is one of {string.Join(", ", Roles.All)}.");
        }

        if (days is < 1 or > 3650)
        {
            yield return new Fault("#/days", "days is 1 to 3650.");
        }
    }

    private static async Task<Results<Created<Answer>, ProblemHttpResult>> HandleAsync(
        Request request, ClaimsPrincipal user, FleetDb db, AuditLog audit, IOptions<AccountsOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (Faults(request.Name, request.Role, request.Days).ToList() is { Count: > 0 } faults)
        {
            return Problems.Invalid(faults);
        }

        if (await db.Set<ApiToken>().AnyAsync(token => token.Name == request.Name, cancellation))
        {
            return Problems.Conflict("name-taken", $"There is a token named '{request.Name}' already.");
        }

        var text = ApiToken.NewText();
        var made = Tokens.New(request.Name!, request.Role!, user.Actor(), text, time.GetUtcNow(), request.Days ?? options.Value.TokenDays, request.Rtsp ?? false);
        await audit.AppendAsync(Tokens.Created(made), cancellation);
        made.AuditedAt = time.GetUtcNow();
        db.Add(made);
        await db.SaveChangesAsync(cancellation);
        return TypedResults.Created($"{ApiGroups.Prefix}/tokens/{made.Id}", new Answer(made.Id, made.Name, made.Role, made.ExpiresAt, text));
    }

    /// <summary>The request.</summary>
    /// <param name="Rtsp">Whether live pictures may be watched with it by RTSP, with its name as the user and its text as the password.</param>
    internal sealed record Request(string? Name, string? Role, int? Days, bool? Rtsp);

    /// <summary>The new token with its text.</summary>
    internal sealed record Answer(Guid Id, string Name, string Role, DateTimeOffset ExpiresAt, string Token);
}

using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace DroneOps.Server.Accounts;

/// <summary><c>POST /accounts</c>: an account for a person.</summary>
internal static class CreateAccount
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("", HandleAsync).HasETag().WithSummary("Make an account");

    private static async Task<Results<Created<AccountView>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, ClaimsPrincipal user, UserManager<Account> accounts, AccountBook book, CancellationToken cancellation)
    {
        if (await accounts.FindByNameAsync(request.UserName ?? "") is not null)
        {
            return Problems.Conflict("name-taken", $"There is an account '{request.UserName}' already.");
        }

        if (await book.CreateAsync(request.UserName, request.DisplayName, request.Password, request.Roles ?? [], user.Actor(), cancellation) is { Count: > 0 } faults)
        {
            return Problems.Invalid(faults);
        }

        var made = (await accounts.FindByNameAsync(request.UserName!))!;
        context.Response.Headers.ETag = AccountView.TagOf(made);
        return TypedResults.Created($"{ApiGroups.Prefix}/accounts/{made.Id}", AccountView.Of(made, request.Roles!));
    }

    /// <summary>The request.</summary>
    internal sealed record Request(string? UserName, string? DisplayName, string? Password, IReadOnlyList<string>? Roles);
}

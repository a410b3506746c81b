using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Webhooks;

/// <summary><c>POST /webhooks</c>: a subscription; its signing secret is answered once and cannot be read again.</summary>
internal static class CreateWebhook
{
    private const int LongestUrl = 2000;
    private const int LongestToken = 2000;

    public static void Map(RouteGroupBuilder group) => group.MapPost("", HandleAsync).HasETag().WithSummary("Subscribe a receiver to events; its secret is shown this once");

    /// <summary>What is wrong with a receiver's address, types or token; nulls are not looked at.</summary>
    public static IEnumerable<Fault> Faults(string? url, IReadOnlyList<string>? types, string? bearerToken, WebhooksOptions options)
    {
        if (url is not null && Fault(url, options) is { } fault)
            yield return new("#/url", fault);
        if (types?.FirstOrDefault(type => !EventTypes.All.Contains(type)) is { } unknown)
            yield return new("#/types", $"There is no type '{unknown}'; the types are {string.Join(", ", EventTypes.All)}.");
        if (bearerToken is { } token && (token.Length > LongestToken || !token.All(letter => letter is > ' ' and < (char)0x7f)))
            yield return new("#/bearerToken", "bearerToken is up to 2000 visible ASCII characters without blanks.");
    }

    private static string? Fault(string url, WebhooksOptions options)
    {
        if (url.Length > LongestUrl || !Uri.TryCreate(url, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            return "url is an https address.";
        if (address.UserInfo.Length > 0 || address.Fragment.Length > 0)
            return "url has no user, password or fragment; give the receiver's token as bearerToken.";
        return options.Allows(address) ? null : $"{address.GetLeftPart(UriPartial.Authority)} is not in DroneOps:Webhooks:AllowedHosts; whoever runs the server can add it.";
    }

    private static async Task<Results<Created<Answer>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, ClaimsPrincipal user, WebhookBook book, IOptions<WebhooksOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (Faults(request.Url ?? "", request.Types, request.BearerToken, options.Value).ToList() is { Count: > 0 } faults)
            return Problems.Invalid(faults);
        var secret = SigningSecret.New();
        var now = time.GetUtcNow();
        var webhook = new WebhookRecord
        {
            Id = Guid.CreateVersion7(now),
            Url = request.Url!,
            Types = [.. (request.Types ?? []).Distinct(StringComparer.Ordinal)],
            Handshake = request.Handshake ?? true,
            Secret = book.Hide(secret.Text),
            BearerToken = string.IsNullOrEmpty(request.BearerToken) ? null : book.Hide(request.BearerToken),
            CreatedBy = user.Actor(),
            CreatedAt = now,
        };
        if (await book.AddAsync(webhook, cancellation) is not { } progress)
            return Problems.Conflict("too-many-webhooks", $"There are {WebhookBook.Most} subscriptions already; delete one first.");
        ETags.Set(context, webhook);
        return TypedResults.Created($"{ApiGroups.Prefix}/webhooks/{webhook.Id}", new Answer(secret.Text, WebhookView.Of(webhook, progress, now)));
    }

    /// <summary>The request.</summary>
    /// <param name="Types">The types that are sent; left out or empty, all.</param>
    /// <param name="Handshake">Whether the receiver must agree by OPTIONS before the first delivery; left out, it must.</param>
    /// <param name="BearerToken">Sent as <c>Authorization: Bearer</c> when the receiver wants it.</param>
    internal sealed record Request(string? Url, IReadOnlyList<string>? Types, bool? Handshake, string? BearerToken);

    /// <summary>The new subscription with its secret.</summary>
    internal sealed record Answer(string Secret, WebhookView Webhook);
}

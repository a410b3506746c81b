using System.Globalization;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace DroneOps.Server.Api;

/// <summary>ETag and If-Match on <see cref="Versioned"/> rows (RFC 9110 8.8.3, 13.1.1).</summary>
internal static class ETags
{
    /// <summary>Puts the row's ETag on the response.</summary>
    public static void Set(HttpContext context, Versioned row) => context.Response.Headers.ETag = Of(row);

    /// <summary>The entity tag, quotes included.</summary>
    public static string Of(Versioned row) => Of(row.Version);

    /// <summary>The entity tag of a version that is not a row's own, quotes included.</summary>
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Checks If-Match; null when it holds or was not sent. Call it before changing the row.</summary>
    public static ProblemHttpResult? Check(HttpContext context, Versioned row) => Check(context, Of(row));

    /// <summary>Checks If-Match against a tag; null when it holds or was not sent. Call it before changing anything.</summary>
    public static ProblemHttpResult? Check(HttpContext context, string tag)
    {
        var sent = context.Request.Headers.IfMatch;
        if (sent.Count == 0)
            return null;

        // A condition that cannot be read must not pass for none.
        return !EntityTagHeaderValue.TryParseStrictList(sent, out var wanted) ? Problems.Invalid(new Fault(HeaderNames.IfMatch, "If-Match is the ETag of the last answer, in its double quotes, or *."))
            : wanted.Any(known => known.Equals(EntityTagHeaderValue.Any) || known is { IsWeak: false } && known.Tag == tag) ? null
            : Problems.Stale($"The ETag is now {tag}; read it again before you change it.");
    }

    /// <summary>Documents that the endpoint answers with an ETag and, where it changes something, honours If-Match.</summary>
    public static RouteHandlerBuilder HasETag(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(Honours.Instance);

    /// <summary>The mark that <see cref="HasETag"/> leaves for the document.</summary>
    internal sealed class Honours
    {
        public static readonly Honours Instance = new();
    }
}

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
    public static string Of(Versioned row) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\"{row.Version}\"");

    /// <summary>Checks If-Match; null when it holds or was not sent. Call it before changing the row.</summary>
    public static ProblemHttpResult? Check(HttpContext context, Versioned row)
    {
        var wanted = context.Request.GetTypedHeaders().IfMatch;
        return wanted.Count == 0 || wanted.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag == Of(row))
            ? null
            : Problems.Stale($"The ETag is now {Of(row)}; read it again before you change it.");
    }
}

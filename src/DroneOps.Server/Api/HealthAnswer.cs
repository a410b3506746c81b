using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace DroneOps.Server.Api;

/// <summary>The answer of a health address: each check with its state and, where it is not well, what is wrong.</summary>
internal static class HealthAnswer
{
    /// <summary>The checks that carry a tag: <c>live</c> or <c>ready</c>.</summary>
    public static HealthCheckOptions Of(string tag) => new()
    {
        Predicate = check => check.Tags.Contains(tag),
        ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
            new
            {
                status = report.Status.ToString().ToLowerInvariant(),
                checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString().ToLowerInvariant(), detail = entry.Value.Description }),
            },
            JsonSerializerOptions.Web),
    };
}

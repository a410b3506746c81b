using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace DroneOps.Server.Tests.Harness;

/// <summary>Ends the rate limiter of a server that has stopped. ASP.NET Core makes one for each pipeline and never disposes it: its timer goes on ten
/// times a second and holds the whole server in memory. One that runs alone does not mind; hundreds in one process do.</summary>
internal sealed class LeftLimiter : IStartupFilter
{
    private RequestDelegate? _pipeline;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(rest => _pipeline = rest);
        next(app);
    };

    /// <summary>Looks for it from middleware to middleware; each holds the next.</summary>
    /// <exception cref="InvalidOperationException">There is none, or the framework keeps it elsewhere by now.</exception>
    public async Task EndAsync()
    {
        Queue<object> found = new([_pipeline ?? throw new InvalidOperationException("The pipeline was not built.")]);
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        while (found.TryDequeue(out var link))
        {
            if (!seen.Add(link))
                continue;
            if (link is Delegate step)
            {
                if (step.Target is { } target)
                    found.Enqueue(target);
                continue;
            }

            var fields = link.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);
            if (link.GetType().Assembly == typeof(RateLimiterOptions).Assembly && Array.Find(fields, field => field.Name == "_endpointLimiter")?.GetValue(link) is IAsyncDisposable limiter)
            {
                await limiter.DisposeAsync();
                return;
            }

            foreach (var field in fields)
            {
                if (field.GetValue(link) is { } value && (value is Delegate || value.GetType().Name.Contains("DisplayClass", StringComparison.Ordinal)))
                    found.Enqueue(value);
            }
        }

        throw new InvalidOperationException("No rate limiter was found in the pipeline.");
    }
}

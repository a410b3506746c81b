using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DroneOps.Server.Api;

/// <summary>Ready means that every loop that should live as long as the service is alive. One that ended by a mistake leaves the rest of the
/// service running, so this is where it shows.</summary>
internal sealed class LoopsHealth(IServiceProvider services) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var ended = services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Where(loop => loop.ExecuteTask is { IsFaulted: true }).Select(loop => loop.GetType().Name).Order(StringComparer.Ordinal).ToList();
        return Task.FromResult(ended.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"Ended by an error: {string.Join(", ", ended)}. See the log; restart the service."));
    }
}

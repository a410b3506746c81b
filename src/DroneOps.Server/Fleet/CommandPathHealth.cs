using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DroneOps.Server.Fleet;

/// <summary>The way that commands go. Blocked, our heartbeats stop and vehicles follow their failsafes: no process that is in order, so the live
/// check fails. A link that is not open is only worth a look: it is opened again and again.</summary>
internal sealed class CommandPathHealth(Gateway gateway) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!gateway.IsAlive)
            return Task.FromResult(HealthCheckResult.Unhealthy("The way of commands is blocked; heartbeats to the vehicles have stopped."));
        var closed = gateway.Router.Links.Where(link => link.State != Links.LinkState.Open).Select(link => link.Uri.ToString()).ToList();
        return Task.FromResult(closed.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded($"Not open: {string.Join(", ", closed)}."));
    }
}

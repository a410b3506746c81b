using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DroneOps.Server.Audit;

/// <summary>Ready means that entries become durable: without its entry nothing is done.</summary>
internal sealed class AuditHealth(AuditLog log) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(log.IsWriting ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The audit log cannot be written."));
}

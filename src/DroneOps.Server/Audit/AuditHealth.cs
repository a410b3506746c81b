using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DroneOps.Server.Audit;

/// <summary>Ready means that entries become durable: without its entry nothing is done.</summary>
internal sealed class AuditHealth(AuditLog log) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(log.IsFull ? HealthCheckResult.Unhealthy("The disk of the audit log is full: nothing that needs an entry is done.")
            : !log.IsWriting ? HealthCheckResult.Unhealthy("The audit log cannot be written.")
            : log.IsOnReserve ? HealthCheckResult.Degraded("The disk is full: the audit log writes in its reserve.")
            : HealthCheckResult.Healthy());
}

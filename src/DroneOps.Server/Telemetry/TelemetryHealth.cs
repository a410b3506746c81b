using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DroneOps.Server.Telemetry;

/// <summary>Degraded while telemetry is not written: the service flies on, and somebody should look at the database.</summary>
internal sealed class TelemetryHealth(TelemetryWriter writer, PointBuffer buffer) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        writer.FailingSince is { } since
            ? HealthCheckResult.Degraded($"Telemetry has not been written since {since:O}; {buffer.Count} points wait, {buffer.Dropped} were lost.")
            : HealthCheckResult.Healthy());
}

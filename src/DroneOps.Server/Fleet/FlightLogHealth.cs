using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DroneOps.Server.Fleet;

/// <summary>Degraded while the frames of a vehicle are not written: the service flies on, and somebody should look at the disk.</summary>
internal sealed class FlightLogHealth(FlightRecorder recorder) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        recorder.Failing is { Count: > 0 } failing
            ? HealthCheckResult.Degraded($"Flight logs have not been written since {failing.Min(lost => lost.Since):O}; {failing.Sum(lost => lost.Frames)} frames of {failing.Count} vehicles were lost.")
            : HealthCheckResult.Healthy());
}

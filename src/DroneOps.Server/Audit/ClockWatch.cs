using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DroneOps.Server.Audit;

/// <summary>Says when the system's clock was set while the service ran: in the audit log, in the log and in the health. The service's own clock
/// goes on, see <see cref="SteadyClock"/>.</summary>
/// <remarks>Owner: its timer's callback, one at a time.</remarks>
internal sealed partial class ClockWatch(SteadyClock clock, AuditLog audit, ILogger<ClockWatch> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private TimeSpan _told;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(clock.Behind.Duration() <= SteadyClock.LargestDrift
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The system's clock was set by {clock.Behind.TotalSeconds:0.0} s while the service ran; the service takes it over at its next start.")));

    /// <summary>Looks once.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        var behind = clock.Behind;
        if ((behind - _told).Duration() <= SteadyClock.LargestDrift)
            return;
        await audit.AppendAsync(new AuditEntry(Actors.System, "clock.set", "server", new { bySeconds = Math.Round(behind.TotalSeconds - _told.TotalSeconds, 1), systemAheadSeconds = Math.Round(behind.TotalSeconds, 1) }), cancellation);
        LogSet(behind.TotalSeconds);
        _told = behind;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The system's clock is {Seconds:0.0} s ahead of the service's: it was set while the service ran. Flights go on by the service's clock; it takes the system's over at its next start")]
    private partial void LogSet(double seconds);
}

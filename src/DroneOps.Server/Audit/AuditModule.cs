using DroneOps.Server.Api;
using DroneOps.Server.Audit.Witnessing;
using DroneOps.Server.Cluster;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Audit;

/// <summary>The tamper-evident log: append before act, read it, prove it.</summary>
internal static class AuditModule
{
    public static void AddAudit(this WebApplicationBuilder builder)
    {
        builder.AddArea<AuditOptions>("Audit");
        builder.Services.AddSingleton(KeptStore.ForEver("audit"));
        builder.Services.AddExceptionHandler<AuditRefusals>();
        builder.Services.AddSingleton<WitnessBook>();
        builder.Services.AddSingleton(services => Open(
            services.GetRequiredService<DataFolder>(),
            services.GetRequiredService<TimeProvider>(),
            problem => Environment.FailFast("The audit log cannot be written.", problem),
            services.GetRequiredService<ILogger<AuditLog>>()));
        builder.Services.AddHostedService<AuditStart>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WitnessBook>());
        builder.Services.AddHostedService<AuditMetrics>();
        builder.Services.AddSingleton(services => new ClockWatch(
            services.GetRequiredService<TimeProvider>() as SteadyClock ?? new SteadyClock(services.GetRequiredService<TimeProvider>()),
            services.GetRequiredService<AuditLog>(), services.GetRequiredService<ILogger<ClockWatch>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<ClockWatch>());
        builder.Services.AddHealthChecks().AddCheck<AuditHealth>("audit", tags: ["ready"]).AddCheck<ClockWatch>("clock", tags: ["ready"]);
    }

    /// <summary>Opens the log of a data folder. The key lies beside the log, not in it: whoever copies the log for an auditor must not copy the key.</summary>
    public static AuditLog Open(DataFolder folder, TimeProvider time, Action<Exception> stop, ILogger<AuditLog> logger) =>
        AuditLog.Open(folder.Sub("audit"), Path.Combine(folder.Secret("keys"), "audit-signing-key.pem"), time, stop, logger);

    public static void MapAudit(this IEndpointRouteBuilder app)
    {
        var audit = app.MapApiGroup("/audit", "Audit").RequireAuthorization(Policies.Audit);
        ListEntries.Map(audit);
        ShowCheckpoint.Map(audit);
        ProveEntry.Map(audit);
        ProveGrowth.Map(audit);
        ServeTiles.Map(audit);
        TakeCosignature.Map(audit);
    }

    /// <summary>Opens the log before anyone can act.</summary>
    private sealed class AuditStart(AuditLog log) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            log.AppendAsync(new AuditEntry(Actors.System, "server.started", "server", new { version = typeof(AuditStart).Assembly.GetName().Version?.ToString() }), cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) =>
            log.AppendAsync(new AuditEntry(Actors.System, "server.stopped", "server", null), cancellationToken);
    }
}

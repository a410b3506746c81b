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
            services.GetRequiredService<ILogger<AuditLog>>(),
            services.GetService<AuditWrite>()));
        builder.Services.AddHostedService<AuditStart>();
        builder.Services.AddSingleton<OwedEntries>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OwedEntries>());
        builder.Services.AddHostedService(services => services.GetRequiredService<WitnessBook>());
        builder.Services.AddHostedService<AuditMetrics>();
        builder.Services.AddSingleton(services => new ClockWatch(
            services.GetRequiredService<TimeProvider>() as SteadyClock ?? new SteadyClock(services.GetRequiredService<TimeProvider>()),
            services.GetRequiredService<AuditLog>(), services.GetRequiredService<ILogger<ClockWatch>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<ClockWatch>());
        builder.Services.AddHealthChecks().AddCheck<AuditHealth>("audit", tags: ["ready"]).AddCheck<ClockWatch>("clock", tags: ["ready"]);
    }

    /// <summary>Opens the log of a data folder. The key lies beside the log, not in it: whoever copies the log for an auditor must not copy the key.</summary>
    /// <param name="write">Puts lines into a file; null for the plain way. A test has a disk that fills up.</param>
    public static AuditLog Open(DataFolder folder, TimeProvider time, Action<Exception> stop, ILogger<AuditLog> logger, AuditWrite? write = null) =>
        AuditLog.Open(folder.Sub("audit"), Path.Combine(folder.Secret("keys"), "audit-signing-key.pem"), write ?? AuditFolder.Plain, time, stop, logger);

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

    /// <summary>Opens the log before anyone can act. A full disk keeps nobody from starting: vehicles in the air can be held and brought home.</summary>
    private sealed class AuditStart(OwedEntries owed) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            owed.AppendAsync(new AuditEntry(Actors.System, "server.started", "server", new { version = typeof(AuditStart).Assembly.GetName().Version?.ToString() }));

        public Task StopAsync(CancellationToken cancellationToken) => owed.AppendAsync(new AuditEntry(Actors.System, "server.stopped", "server", null));
    }
}

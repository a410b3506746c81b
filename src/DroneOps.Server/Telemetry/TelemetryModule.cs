using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Telemetry;

/// <summary>What vehicles send, as points that can be asked for: taken in, written in batches, deleted when their time is over.</summary>
internal static class TelemetryModule
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var options = builder.AddArea<TelemetryOptions>("Telemetry");
        builder.Services.AddSingleton(KeptStore.ForDays("telemetry", options.KeepDays, TelemetryRetention.Action));
        builder.Services.AddSingleton(services => new PointBuffer(services.GetRequiredService<IOptions<TelemetryOptions>>().Value.BufferLength));
        builder.Services.AddSingleton<PointStore>(services =>
        {
            var databases = services.GetRequiredService<IDbContextFactory<FleetDb>>();
            return services.GetRequiredService<IOptions<StorageOptions>>().Value.Provider == StorageProvider.Postgres ? new PostgresPoints(databases) : new SqlitePoints(databases);
        });
        builder.Services.AddSingleton<TelemetryMetrics>();
        builder.Services.AddSingleton<TelemetryWriter>();

        // They stop in the opposite order: nothing comes in any more when the writer writes for the last time.
        builder.Services.AddHostedService(services => services.GetRequiredService<TelemetryWriter>());
        builder.Services.AddHostedService<TelemetryIntake>();
        builder.Services.AddHostedService<TelemetryRetention>();
        builder.Services.AddHealthChecks().AddCheck<TelemetryHealth>("telemetry", tags: ["ready"]);
    }

    public static void MapTelemetry(this IEndpointRouteBuilder app) =>
        ListTelemetry.Map(app.MapApiGroup("/vehicles", "Telemetry").RequireAuthorization(Policies.Read));
}

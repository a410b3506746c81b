using DroneOps.Server.Api;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Alarms;

/// <summary>What needs a person now: raised by conditions, acknowledged, shelved, counted.</summary>
internal static class AlarmsModule
{
    public static void AddAlarms(this WebApplicationBuilder builder)
    {
        var options = builder.AddArea<AlarmsOptions>("Alarms");
        builder.Services.AddSingleton(KeptStore.ForDays("alarms", options.KeepDays, AlarmRetention.Action));
        builder.Services.AddSingleton<SuppressionRules>();
        builder.Services.AddSingleton<AlarmBook>();
        builder.Services.AddSingleton<IncidentWatch>();
        builder.Services.AddSingleton<RecordingConditions>();
        builder.Services.AddSingleton<UpkeepConditions>();
        builder.Services.AddHostedService<AlarmKeeper>();
        builder.Services.AddHostedService<AlarmSources>();
        builder.Services.AddHostedService<AlarmRetention>();
        builder.Services.AddHostedService<AlarmMetrics>();
    }

    public static void MapAlarms(this IEndpointRouteBuilder app)
    {
        ListAlerts.Map(app.MapApiGroup("/alerts", "Alarms").RequireAuthorization(Policies.Read));
        var alarms = app.MapApiGroup("/alarms", "Alarms").RequireAuthorization(Policies.Read);
        ListAlarms.Map(alarms);
        AcknowledgeAlarms.Map(alarms);
        HoldAlarms.Map(alarms);
        ReportAlarms.Map(alarms);
    }
}

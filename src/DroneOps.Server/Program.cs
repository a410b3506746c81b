using DroneOps.Server.Accounts;
using DroneOps.Server.Airspace;
using DroneOps.Server.Airworthiness;
using DroneOps.Server.Alarms;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.CameraRules;
using DroneOps.Server.Cli;
using DroneOps.Server.Cluster;
using DroneOps.Server.CursorOnTarget;
using DroneOps.Server.Dispatch;
using DroneOps.Server.Evidence;
using DroneOps.Server.Feed;
using DroneOps.Server.FieldLinks;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Licences;
using DroneOps.Server.Oversight;
using DroneOps.Server.Patrols;
using DroneOps.Server.Response;
using DroneOps.Server.Sorties;
using DroneOps.Server.Sorties.Import;
using DroneOps.Server.Storage;
using DroneOps.Server.Telemetry;
using DroneOps.Server.Units;
using DroneOps.Server.Video;
using DroneOps.Server.Webhooks;
namespace DroneOps.Server;

/// <summary>The table of contents: the commands of the program and the slices of the service, the ground on one line, the tiers of one slice that stand on it on the next, and then a line for each tier. A slice may use those above it, never its peers.</summary>
internal static class Program
{
    internal static Task<int> Main(string[] args) => Terminal.RunAsync(args, [ServeCommand.Create(), AuditCommand.Create(), TokenCommand.Create(), ReplayCommand.Create(), ImportCommand.Create(), VideoCommand.Create(), PlanCommand.Create(), EvidenceCommand.Create()]);

    internal static void AddSlices(WebApplicationBuilder builder)
    {
        builder.AddStorage(); builder.AddCluster(); builder.AddApi(); builder.AddAudit();
        builder.AddAccounts(); builder.AddAirspace(); builder.AddFleet();
        builder.AddSorties(); builder.AddVideo(); builder.AddTelemetry(); builder.AddUnits();
        builder.AddPatrols(); builder.AddIncidents(); builder.AddCameraRules(); builder.AddAirworthiness(); builder.AddLicences();
        builder.AddDispatch(); builder.AddResponse();
        builder.AddAlarms();
        builder.AddFeed(); builder.AddCursorOnTarget(); builder.AddEvidence();
        builder.AddWebhooks(); builder.AddFieldLinks(); builder.AddOversight();
    }

    internal static void MapSlices(WebApplication app)
    {
        app.MapApi(); app.MapAudit();
        app.MapAccounts(); app.MapAirspace(); app.MapFleet();
        app.MapSorties(); app.MapVideo(); app.MapTelemetry(); app.MapUnits();
        app.MapPatrols(); app.MapIncidents(); app.MapCameraRules(); app.MapAirworthiness(); app.MapLicences();
        app.MapDispatch(); app.MapResponse();
        app.MapAlarms();
        app.MapFeed(); app.MapEvidence();
        app.MapWebhooks(); app.MapFieldLinks(); app.MapOversight();
    }
}

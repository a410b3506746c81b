using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Incidents;

/// <summary>What a step of the time axis is called.</summary>
internal sealed record StageName(string Stage, string NameZh, string NameEn)
{
    /// <summary>The twelve names of the city's model, in the usual order of the steps.</summary>
    public static readonly IReadOnlyList<StageName> Usual =
    [
        new(nameof(IncidentStage.CallReceived), "接警", "Call received"), new(nameof(IncidentStage.IncidentCreated), "立警", "Incident created"),
        new(nameof(IncidentStage.UnitDispatched), "派警", "Unit dispatched"), new(nameof(IncidentStage.DroneRequested), "请求空中支援", "Drone requested"),
        new(nameof(IncidentStage.DroneAssigned), "派机", "Drone assigned"), new(nameof(IncidentStage.DroneAirborne), "起飞", "Drone airborne"),
        new(nameof(IncidentStage.DroneOnScene), "到场", "Drone on scene"), new(nameof(IncidentStage.FirstFrame), "首帧回传", "First frame"),
        new(nameof(IncidentStage.UnitOnScene), "警组到场", "Unit on scene"), new(nameof(IncidentStage.Resolved), "处置完毕", "Resolved"),
        new(nameof(IncidentStage.DroneRecovered), "返航落地", "Drone recovered"), new(nameof(IncidentStage.Closed), "归档", "Closed"),
    ];

    /// <summary>Reads <c>stage|Chinese|English</c>; null when it is not that.</summary>
    public static StageName? Parse(string text) =>
        text.Split('|', StringSplitOptions.TrimEntries) is [var stage, { Length: > 0 } zh, { Length: > 0 } en] && TimeAxis.TryRead(stage, out var known) ? new(known.ToString(), zh, en) : null;
}

/// <summary><c>GET /incidents/stages</c>: the steps and what they are called here.</summary>
internal static class ListStages
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/stages", Handle).WithSummary("The twelve steps of the time axis and their names");

    private static Ok<Answer> Handle(IOptions<IncidentsOptions> options) => TypedResults.Ok(new Answer(options.Value.StageNamesInForce()));

    /// <summary>The steps, in their usual order.</summary>
    internal sealed record Answer(IReadOnlyList<StageName> Items);
}

using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Incidents;

/// <summary><c>GET /incidents/types</c>: the types of calls that the city has.</summary>
internal static class ListTypes
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/types", Handle).WithSummary("The types of calls and their names");

    private static Ok<Page<View>> Handle(IncidentIntake intake) => TypedResults.Ok(new Page<View>([.. intake.Types.All.Select(type => new View(type.Code, type.NameZh, type.NameEn))], null));

    /// <summary>A type as it is answered.</summary>
    internal sealed record View(string Code, string NameZh, string NameEn);
}

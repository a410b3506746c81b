using System.Security.Claims;
using DroneOps.Missions.Flight;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Fleet;

/// <summary><c>GET /weather</c> and <c>PUT /weather</c>: the wind that the choice of drones counts with.</summary>
internal static class ReportWeather
{
    private const double MostWindMps = 60;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", (FleetWind wind) => TypedResults.Ok(View.Of(wind.Now))).WithSummary("The wind over the city: as the drones in the air feel it, else as it was reported");
        group.MapPut("", HandleAsync).RequireAuthorization(Policies.Plan).WithSummary("Report the wind; it counts for an hour, and while no drone in the air knows better");
    }

    private static async Task<Results<Ok<View>, ProblemHttpResult>> HandleAsync(Request request, ClaimsPrincipal user, FleetWind wind, AuditLog audit, CancellationToken cancellation)
    {
        List<Fault> faults = [];
        if (request.WindSpeedMps is not (>= 0 and <= MostWindMps))
            faults.Add(new Fault("#/windSpeedMps", "windSpeedMps is 0 to 60 metres per second."));
        if (request.WindFromDeg is not (>= 0 and <= 360))
            faults.Add(new Fault("#/windFromDeg", "windFromDeg is 0 to 360 degrees: where the wind comes from."));
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        await audit.AppendAsync(new AuditEntry(user.Actor(), "weather.reported", "weather", new { request.WindSpeedMps, request.WindFromDeg }), cancellation);
        wind.Report(Wind.From(request.WindSpeedMps!.Value, request.WindFromDeg!.Value));
        return TypedResults.Ok(View.Of(wind.Now));
    }

    /// <summary>The request.</summary>
    /// <param name="WindSpeedMps">Metres per second.</param>
    /// <param name="WindFromDeg">Where it comes from, degrees clockwise from true north.</param>
    internal sealed record Request(double? WindSpeedMps, double? WindFromDeg);

    /// <summary>The wind; speed and direction are null while it is not known.</summary>
    internal sealed record View(double? WindSpeedMps, double? WindFromDeg, WindSource Source, DateTimeOffset? At)
    {
        public static View Of(WindNow now) => now.Source == WindSource.Unknown
            ? new(null, null, now.Source, null)
            : new(Math.Round(now.Wind.SpeedMps, 1), Math.Round(FromDeg(now.Wind), 0), now.Source, now.At);

        private static double FromDeg(Wind wind) => ((Math.Atan2(-wind.EastMps, -wind.NorthMps) * (180 / Math.PI)) + 360) % 360;
    }
}

using System.Globalization;
using System.Security.Claims;
using DroneOps.Mavlink;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Units;

/// <summary><c>PUT /units/{callSign}/position</c>: one report of a crew's place.</summary>
internal static class ReportPosition
{
    /// <summary>How far ahead of ours a device's clock may be.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private const int LongestCallSign = 32;

    public static void Map(RouteGroupBuilder group) => group.MapPut("/{callSign}/position", HandleAsync).RequireAuthorization(Policies.Dispatch)
        .WithSummary("Report a crew's position; a report older than the newest changes nothing");

    /// <summary>What is wrong with a call sign, or null.</summary>
    public static Fault? FaultIn(string callSign) => callSign.Length is 0 or > LongestCallSign || !callSign.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ' ')
        ? new Fault("#/callSign", $"A call sign is 1 to {LongestCallSign} letters, digits, spaces, '-' or '_'.")
        : null;

    /// <summary>Reads a report and says what is wrong with it.</summary>
    public static UnitReport? Read(string? callSign, Request request, AirspaceBook airspace, DateTimeOffset now, List<Fault> faults)
    {
        var before = faults.Count;
        var name = callSign?.Trim() ?? "";
        if (FaultIn(name) is { } wrong)
            faults.Add(wrong);
        if (request.Location?.Coordinates is not [var lon, var lat, ..] || request.Location.Type != "Point")
        {
            faults.Add(new Fault("#/location", "location is a GeoJSON Point, longitude first."));
            return null;
        }

        if (!airspace.City.Contains(lon, lat))
        {
            faults.Add(new Fault("#/location/coordinates", airspace.City.Contains(lat, lon)
                ? "The coordinates look swapped: GeoJSON has longitude first."
                : string.Create(CultureInfo.InvariantCulture, $"{lon}, {lat} is outside the city.")));
        }

        if (request.HeadingDeg is { } heading && heading is not (>= 0 and <= 360))
            faults.Add(new Fault("#/headingDeg", "headingDeg is 0 to 360."));
        if (request.SpeedMps is { } speed && speed is not (>= 0 and <= 100))
            faults.Add(new Fault("#/speedMps", "speedMps is 0 to 100."));
        var at = (request.At ?? now).ToUniversalTime();
        if (at > now + ClockTolerance)
            faults.Add(new Fault("#/at", "at lies in the future: the device's clock is wrong."));
        return faults.Count == before ? new UnitReport(name, new GeoPoint(lat, lon), at, request.HeadingDeg, request.SpeedMps, request.Status) : null;
    }

    /// <summary>Takes a report in; the first of a crew is in the audit log.</summary>
    public static async Task<Unit> TakeAsync(UnitReport report, string actor, UnitBoard board, AuditLog audit, CancellationToken cancellation)
    {
        if (board.Find(report.CallSign) is null)
            await audit.AppendAsync(new AuditEntry(actor, "unit.registered", $"unit/{report.CallSign}", null), cancellation);
        return board.Report(report).Unit;
    }

    private static async Task<Results<Ok<UnitView>, ProblemHttpResult>> HandleAsync(
        string callSign, Request request, ClaimsPrincipal user, UnitBoard board, AirspaceBook airspace, AuditLog audit, IOptions<UnitsOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var faults = new List<Fault>();
        return Read(callSign, request, airspace, now, faults) is { } report
            ? TypedResults.Ok(UnitView.Of(await TakeAsync(report, user.Actor(), board, audit, cancellation), now, options.Value))
            : Problems.Invalid(faults);
    }

    /// <summary>The request; without a time, now.</summary>
    internal sealed record Request(PointGeometry? Location, DateTimeOffset? At, double? HeadingDeg, double? SpeedMps, UnitStatus? Status);
}

using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Telemetry;

/// <summary><c>GET /vehicles/{id}/telemetry</c>: where a vehicle was and how it was doing, oldest first. Looking at a track leaves a trace.</summary>
internal static class ListTelemetry
{
    private static readonly TimeSpan DefaultSpan = TimeSpan.FromHours(1);
    private static readonly TimeSpan MaxEvery = TimeSpan.FromDays(1);

    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id}/telemetry", HandleAsync)
        .WithSummary("The points a vehicle sent in a time, oldest first; the look is audited")
        .WithDescription(
            "from (default: one hour before to) and to (exclusive, default: now) are RFC 3339. every is how many seconds the points are apart at least: 0 gives every point, and left out it is "
            + $"what makes the whole time fit on one page, whose limit is {PageRequest.MaxLimit} here unless another is named. The answer names the every in force; a cursor goes on with it.");

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(
        string id, [AsParameters] Filter filter, [AsParameters] PageRequest page, ClaimsPrincipal user, VehicleBoard board, PointStore points, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (board.Find(id) is null)
            return Problems.NotFound("vehicle", id);
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        page = page.OrLimit(PageRequest.MaxLimit);
        if (Window.Of(filter, time.GetUtcNow(), out var asked) is { } wrong)
            return Problems.Invalid(wrong);
        var window = asked;
        if (page.After is { } after && !Window.TryParse(after, out window))
            return Problems.Invalid(TimeCursor.Wrong);
        await audit.AppendAsync(
            new AuditEntry(user.Actor(), "vehicle.telemetryViewed", $"vehicle/{id}", new { window.From, window.To, everyS = window.Every.TotalSeconds, limit = page.Take }), cancellation);
        var found = await points.ReadAsync(int.Parse(id, CultureInfo.InvariantCulture), window.From, window.To, window.Every, page.Take + 1, cancellation);
        var (items, next) = page.Of(found, TelemetryView.Of, point => window.After(point.At).ToString());
        return TypedResults.Ok(new Answer(items, next, window.Every.TotalSeconds));
    }

    /// <summary>What is asked for.</summary>
    internal sealed record Filter
    {
        /// <summary>The first moment.</summary>
        public QueryTime? From { get; init; }

        /// <summary>The first moment after it.</summary>
        public QueryTime? To { get; init; }

        /// <summary>Seconds between the points at least.</summary>
        public double? Every { get; init; }
    }

    /// <summary>A page of points.</summary>
    /// <param name="Items">The points.</param>
    /// <param name="NextCursor">Pass it as <c>cursor</c> to go on; null at the end.</param>
    /// <param name="EveryS">Seconds between the points at least; 0 is every point.</param>
    internal sealed record Answer(IReadOnlyList<TelemetryView> Items, string? NextCursor, double EveryS);

    /// <summary>The time that is read and how closely. Also what a cursor holds, so that "now" and what was left out stay what they were.</summary>
    private readonly record struct Window(DateTimeOffset From, DateTimeOffset To, TimeSpan Every)
    {
        /// <summary>Makes one of what was asked for.</summary>
        /// <returns>What is wrong, or null.</returns>
        public static Fault? Of(Filter filter, DateTimeOffset now, out Window window)
        {
            var to = filter.To?.Utc ?? now;
            var from = filter.From?.Utc ?? (to - DateTimeOffset.MinValue > DefaultSpan ? to - DefaultSpan : DateTimeOffset.MinValue);
            window = default;
            if (from >= to)
                return new Fault("from", "from must be before to.");
            if (filter.Every is { } seconds && !(seconds >= 0 && seconds <= MaxEvery.TotalSeconds))
                return new Fault("every", $"every is 0 to {MaxEvery.TotalSeconds} seconds.");
            var every = filter.Every is { } given ? TimeSpan.FromSeconds(given) : (to - from) / PageRequest.MaxLimit;
            window = new(from, to, TimeSpan.FromMicroseconds(Math.Ceiling(every.TotalMicroseconds)));
            return null;
        }

        /// <summary>Reads a cursor.</summary>
        public static bool TryParse(string text, out Window window)
        {
            window = default;
            if (text.Split('.') is not [var from, var to, var every] || !TryTicks(from, DateTimeOffset.MaxValue.Ticks, out var first) || !TryTicks(to, DateTimeOffset.MaxValue.Ticks, out var end)
                || !TryTicks(every, MaxEvery.Ticks * 100_000, out var apart))
                return false;
            window = new(new(first, TimeSpan.Zero), new(end, TimeSpan.Zero), new(apart));
            return true;
        }

        /// <summary>What remains after a point.</summary>
        public Window After(DateTimeOffset last) => this with { From = last + (Every > TimeSpan.Zero ? Every : TimeSpan.FromMicroseconds(1)) };

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From.UtcTicks}.{To.UtcTicks}.{Every.Ticks}");

        private static bool TryTicks(string text, long most, out long ticks) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ticks) && ticks <= most;
    }
}

/// <summary>A point as the API shows it. Null is "not known".</summary>
/// <param name="At">When it was received.</param>
/// <param name="Lon">WGS-84, degrees.</param>
/// <param name="Lat">WGS-84, degrees.</param>
/// <param name="AltitudeAmslM">Metres above mean sea level.</param>
/// <param name="AltitudeAboveHomeM">Metres above home.</param>
/// <param name="HeadingDeg">0..360, clockwise from true north.</param>
/// <param name="GroundSpeedMps">Over ground.</param>
/// <param name="ClimbMps">Up positive.</param>
/// <param name="BatteryPercent">0..100.</param>
/// <param name="LinkLossPercent">Frames lost in the recent past.</param>
/// <param name="Armed">Motors may turn.</param>
/// <param name="InAir">Off the ground.</param>
/// <param name="Mode">In the autopilot's own words.</param>
internal sealed record TelemetryView(
    DateTimeOffset At, double Lon, double Lat, double AltitudeAmslM, double AltitudeAboveHomeM, double? HeadingDeg, double GroundSpeedMps, double ClimbMps,
    int? BatteryPercent, double? LinkLossPercent, bool Armed, bool? InAir, string? Mode)
{
    public static TelemetryView Of(TelemetryPoint point) => new(
        point.At, point.LonE7 / 1e7, point.LatE7 / 1e7, point.AltitudeAmslMm / 1e3, point.AltitudeAboveHomeMm / 1e3, point.HeadingCdeg / 1e2, point.GroundSpeedCms / 1e2, point.ClimbCms / 1e2,
        point.BatteryPercent, point.LinkLossPermille / 1e1, point.Armed, point.InAir, point.Mode);
}

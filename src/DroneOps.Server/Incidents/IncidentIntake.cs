using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Incidents;

/// <summary>What is to be said about a call when it comes in, and when it moves: it may be a known one, and its type or its place may be doubtful.</summary>
internal sealed class IncidentIntake(IDbContextFactory<FleetDb> databases, AirspaceBook airspace, Gazetteer gazetteer, IOptions<IncidentsOptions> options, TimeProvider time)
{
    /// <summary>How long a drone would be there.</summary>
    private static readonly TimeSpan Stay = TimeSpan.FromMinutes(20);

    private const double SamePlaceM = 50;

    /// <summary>The types in force.</summary>
    public IncidentTypes Types { get; } = options.Value.TypesInForce();

    /// <summary>A type's code when the city has it under this code or name; otherwise as it came.</summary>
    public string CodeOf(string type) => Types.Find(type)?.Code ?? type.Trim();

    /// <summary>What whoever works a call should know. None of it holds the call back: an urgent one must not bounce because of a word.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="pointSaid">Whether that came as coordinates, which may be shifted.</param>
    public List<IncidentWarning> Warn(string type, GeoPoint place, bool pointSaid, string? address)
    {
        var now = time.GetUtcNow();
        List<IncidentWarning> warnings = [];
        if (Types.Find(type) is null)
            warnings.Add(new(WarningCodes.UnknownType, $"The type '{type}' is not one of the city's; the call is taken with it."));
        if (pointSaid && IncidentPlace.ShiftFrom(place, address, gazetteer) is { } shift)
        {
            warnings.Add(new(
                WarningCodes.ShiftedPlace,
                string.Create(CultureInfo.InvariantCulture, $"The point lies {shift:F0} m from its address, just as the shifted maps (GCJ-02) would show it; this is where it would be."),
                PointGeometry.Of(Gcj02.ToWgs84(place))));
        }

        if (NoFlyPlace.Look(place, airspace.Current, now, now + Stay) is { } noFly)
            warnings.Add(noFly);
        return warnings;
    }

    /// <summary>Open incidents that may be the same.</summary>
    /// <param name="self">The incident itself; null for a call that is not in the book.</param>
    public async Task<IReadOnlyList<PossibleDuplicate>> DuplicatesAsync(string type, GeoPoint place, DateTimeOffset at, Guid? self, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await Duplicates.FindAsync(db, type, place, at, self, options.Value, Types, time.GetUtcNow(), cancellation);
    }

    /// <summary>In what a second report of a number differs from what stands in the book; null when it says the same.</summary>
    public static IncidentWarning? Differs(IncidentRecord first, IncidentRecord second)
    {
        List<string> what = [];
        if (first.Type != second.Type)
            what.Add($"type {first.Type}, now {second.Type}");
        if (first.Priority != second.Priority)
            what.Add(string.Create(CultureInfo.InvariantCulture, $"priority {first.Priority}, now {second.Priority}"));
        if (first.Summary != second.Summary)
            what.Add("another summary");
        if (second.Address is { } address && first.Address != address)
            what.Add($"address {first.Address ?? "-"}, now {address}");
        if (Geodesic.DistanceM(first.Scene, second.Scene) is > SamePlaceM and var apart)
            what.Add(string.Create(CultureInfo.InvariantCulture, $"a place {apart:F0} m away"));
        return what.Count == 0 ? null : new(WarningCodes.AlreadyReported, $"The number was reported before and the first report stands; it differs: {string.Join("; ", what)}.");
    }
}

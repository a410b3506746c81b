using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

/// <summary>An open incident that may be the same as a call. Only a person says that it is.</summary>
/// <param name="Id">The incident.</param>
/// <param name="Number">The dispatch system's number for it.</param>
/// <param name="Type">What it is about.</param>
/// <param name="Address">Where, in words.</param>
/// <param name="DistanceM">Metres between the two places.</param>
/// <param name="AgeS">Seconds since it was reported.</param>
/// <param name="Why">Why it is suggested.</param>
internal sealed record PossibleDuplicate(Guid Id, string? Number, string Type, string? Address, double DistanceM, double AgeS, string Why);

/// <summary>Finds open incidents that a call may be about.</summary>
internal static class Duplicates
{
    private const int Most = 5;

    /// <summary>The nearest first, five at most.</summary>
    /// <param name="self">The incident itself, which is not its own duplicate; null for a call that is not in the book.</param>
    public static async Task<IReadOnlyList<PossibleDuplicate>> FindAsync(
        FleetDb db, string type, GeoPoint place, DateTimeOffset at, Guid? self, IncidentsOptions options, IncidentTypes types, DateTimeOffset now, CancellationToken cancellation)
    {
        var within = Math.Max(options.DuplicateWithinM, types.All.Max(known => known.DuplicateWithinM ?? 0));
        var (from, to) = (at - TimeSpan.FromMinutes(options.DuplicateWithinMinutes), at + TimeSpan.FromMinutes(options.DuplicateWithinMinutes));
        var near = await db.Set<IncidentRecord>().AsNoTracking()
            .Where(row => row.State != IncidentState.Closed && row.ReportedAt >= from && row.ReportedAt <= to)
            .InBox(SpatialQueries.BoxAround(place.LongitudeDeg, place.LatitudeDeg, within)).ToListAsync(cancellation);
        return [.. near.Where(row => row.Id != self).Select(row => Compare(row, type, place, at, options, types, now)).OfType<PossibleDuplicate>().OrderBy(found => found.DistanceM).ThenBy(found => found.Id).Take(Most)];
    }

    private static PossibleDuplicate? Compare(IncidentRecord row, string type, GeoPoint place, DateTimeOffset at, IncidentsOptions options, IncidentTypes types, DateTimeOffset now)
    {
        var distance = Geodesic.DistanceM(row.Scene, place);
        if (distance > Math.Max(Within(type), Within(row.Type)) || !types.AreAlike(type, row.Type))
            return null;
        var minutes = (at - row.ReportedAt).Duration().TotalMinutes;
        var kind = row.Type == type ? "The same type, " : "A like type, ";
        return new(
            row.Id, row.ExternalNumber, row.Type, row.Address, Math.Round(distance), Math.Round((now - row.ReportedAt).TotalSeconds),
            string.Create(CultureInfo.InvariantCulture, $"{kind}{distance:F0} m and {minutes:F0} min apart."));

        double Within(string name) => types.Find(name)?.DuplicateWithinM ?? options.DuplicateWithinM;
    }
}

using DroneOps.Server.Airspace;
using DroneOps.Server.Incidents;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Oversight;

/// <summary>In which grid a sortie flew how long: by the pieces of its track, each about ten seconds long and counted for the grid that holds its middle.</summary>
internal static class GridShares
{
    /// <summary>What lies between two pieces belongs to the one before, unless it is longer than this: then nobody knows where it was.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(15);

    /// <summary>A piece of a track, in a grid or in none that is drawn.</summary>
    internal readonly record struct Piece(DateTimeOffset From, DateTimeOffset To, string? Grid);

    /// <summary>Splits the airborne clock of a sortie. Pure; the parts always sum to the clock, what no piece tells of has no grid.</summary>
    public static List<(string? Grid, long Ms)> Split(DateTimeOffset takeoff, double airborneS, IReadOnlyList<Piece> pieces)
    {
        List<DateTimeOffset> cuts = [];
        List<string?> grids = [pieces.Count > 0 && pieces[0].From - takeoff <= LongestStep ? pieces[0].Grid : null];
        var end = takeoff.AddSeconds(airborneS);
        for (var i = 0; i < pieces.Count; i++)
        {
            Cut(pieces[i].From, pieces[i].Grid);
            if ((i + 1 < pieces.Count ? pieces[i + 1].From : end) - pieces[i].To > LongestStep)
                Cut(pieces[i].To, null);
        }

        return [.. PurposeSpan.Split(takeoff, airborneS, cuts).Select((seconds, i) => (grids[i], PurposeSpan.Milliseconds(seconds)))];

        void Cut(DateTimeOffset at, string? grid)
        {
            cuts.Add(at);
            grids.Add(grid);
        }
    }

    /// <summary>The pieces of every sortie of a period, and of those named.</summary>
    public static async Task<ILookup<Guid, Piece>> ReadAsync(FleetDb db, Period period, List<Guid> named, AirspaceSnapshot drawn, CancellationToken cancellation)
    {
        List<(Guid SortieId, int Number, Piece Piece)> found = [];
        var (from, to) = (period.From, period.To);
        var legs = db.Set<TrackLeg>().AsNoTracking().Where(leg => (leg.To >= from && db.Set<SortieRecord>().Any(sortie => sortie.Id == leg.SortieId && sortie.TakeoffAt >= from && sortie.TakeoffAt < to)) || named.Contains(leg.SortieId))
            .Select(leg => new { leg.SortieId, leg.Number, leg.From, leg.To, leg.Shape }).AsAsyncEnumerable();
        await foreach (var leg in legs.WithCancellation(cancellation))
        {
            if (leg.Shape.IsEmpty)
                continue;
            var corners = leg.Shape.Coordinates;
            var middle = corners.Length == 2 ? new((corners[0].X + corners[1].X) / 2, (corners[0].Y + corners[1].Y) / 2) : corners[corners.Length / 2];
            found.Add((leg.SortieId, leg.Number, new(leg.From, leg.To, PlaceNames.Of(drawn, middle.X, middle.Y).GridId)));
        }

        return found.OrderBy(leg => leg.Number).ToLookup(leg => leg.SortieId, leg => leg.Piece);
    }
}

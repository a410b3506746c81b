using System.Globalization;
using System.Text;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Oversight;

/// <summary><c>GET /oversight/openData.csv</c>: the flights of a period as an authority can publish them: when, what for, how long, and roughly where. No person, no vehicle, no
/// incident, no address: times are whole quarter hours and places cells of about a kilometre.</summary>
internal static class OpenData
{
    /// <summary>The side of a cell, degrees.</summary>
    public const double CellDeg = 0.01;

    private const int QuarterMinutes = 15;
    private const int MostCells = 60;

    public static void Map(RouteGroupBuilder group) => group.MapGet("/openData.csv", HandleAsync).Produces<Stream>(contentType: "text/csv")
        .WithSummary("Flights for publication: quarter hour, purpose, minutes, the kilometre cells they passed; no personal data");

    /// <summary>The number of the column or row that holds a longitude or latitude.</summary>
    public static int CellOf(double degrees) => (int)Math.Floor(degrees / CellDeg);

    /// <summary>The cells a track passed, in their order, as the longitude and latitude of their middles.</summary>
    public static string CellsOf(IEnumerable<Geometry> legs)
    {
        var cells = new List<(int East, int North)>();
        foreach (var corner in legs.SelectMany(leg => leg.Coordinates))
        {
            var cell = (CellOf(corner.X), CellOf(corner.Y));
            if ((cells.Count == 0 || cells[^1] != cell) && cells.Count < MostCells)
                cells.Add(cell);
        }

        return string.Join(' ', cells.Select(cell => string.Create(CultureInfo.InvariantCulture, $"{(cell.East + 0.5) * CellDeg:F3}/{(cell.North + 0.5) * CellDeg:F3}")));
    }

    /// <summary>A purpose as it is published: an imported flight keeps whatever its book said, and that may name somebody.</summary>
    private static string Published(string? purpose, LaunchPurposes purposes) => purpose is null ? "unexplained" : purposes.Has(purpose) ? purpose : "other";

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleAsync(QueryTime? from, QueryTime? to, FleetDb db, LaunchPurposes purposes, TimeProvider time, CancellationToken cancellation)
    {
        if (Period.Read(from, to, time.GetUtcNow(), out var period) is { } fault)
            return Problems.Invalid(fault);
        var flown = await db.WithoutShape<SortieRecord>().Where(sortie => sortie.IsClosed && sortie.TakeoffAt >= period.From && sortie.TakeoffAt < period.To).OrderBy(sortie => sortie.TakeoffAt).ToListAsync(cancellation);
        var text = new StringBuilder("time,purpose,minutes,cells\r\n");
        foreach (var batch in flown.Chunk(200))
        {
            List<Guid> ids = [.. batch.Select(sortie => sortie.Id)];
            var legs = (await db.Set<TrackLeg>().AsNoTracking().Where(leg => ids.Contains(leg.SortieId)).OrderBy(leg => leg.Number).Select(leg => new { leg.SortieId, leg.Shape }).ToListAsync(cancellation))
                .ToLookup(leg => leg.SortieId, leg => leg.Shape);
            foreach (var sortie in batch)
            {
                var local = sortie.TakeoffAt.ToOffset(CityTime.Offset);
                var quarter = local.AddMinutes(-(local.Minute % QuarterMinutes));
                text.Append(CultureInfo.InvariantCulture, $"{quarter:yyyy-MM-dd'T'HH:mm}+08:00,{Spreadsheet.Field(Published(sortie.Purpose, purposes))},{Math.Max(1, Math.Round(sortie.AirborneS / 60)):F0},{CellsOf(legs[sortie.Id])}\r\n");
            }
        }

        return TypedResults.File(Spreadsheet.Bytes(text), "text/csv", "flights.csv");
    }
}

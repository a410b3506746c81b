using DroneOps.Mavlink;
using DroneOps.Server.Airspace;

namespace DroneOps.Server.Sorties.Import;

/// <summary>What a file of flights is written in.</summary>
internal enum FlightFormat
{
    /// <summary>A table with separators, one flight a line.</summary>
    Csv,

    /// <summary>GPX 1.0 or 1.1, one flight a track.</summary>
    Gpx,

    /// <summary>A telemetry log, one flight a take-off.</summary>
    Tlog,
}

/// <summary>What is said about a file beside its content.</summary>
/// <param name="IsGcj02">Whether its coordinates are shifted as on the public Chinese maps.</param>
/// <param name="Vehicle">Which drone flew, where the file does not say.</param>
/// <param name="Pilot">Who, where the file does not say.</param>
/// <param name="Now">Later than this is the future.</param>
internal sealed record FileTerms(bool IsGcj02, string? Vehicle, string? Pilot, DateTimeOffset Now)
{
    /// <summary>A place of the file in WGS-84.</summary>
    public GeoPoint Place(double lat, double lon) => IsGcj02 ? Gcj02.ToWgs84(new GeoPoint(lat, lon)) : new GeoPoint(lat, lon);
}

/// <summary>A column of a table, and what it is understood as; null when it is not.</summary>
internal sealed record UnderstoodColumn(string Heading, string? UnderstoodAs);

/// <summary>Reads the flights of a file one after the other; no more than one of them is in memory.</summary>
internal abstract class FlightReader : IDisposable
{
    /// <summary>How its text is encoded; null where it is not text or says so itself.</summary>
    public virtual string? Encoding => null;

    /// <summary>What stands between the fields of a table.</summary>
    public virtual string? Separator => null;

    /// <summary>The columns of a table, in its order.</summary>
    public virtual IReadOnlyList<UnderstoodColumn> Columns => [];

    /// <summary>Opens a file.</summary>
    /// <param name="wrong">Why it is no such file, when the answer is null.</param>
    public static FlightReader? Open(FlightFormat format, Stream file, FileTerms terms, out ImportRemark? wrong)
    {
        wrong = null;
        return format switch
        {
            FlightFormat.Csv => FlightTable.Open(file, terms, out wrong),
            FlightFormat.Gpx => new GpxTracks(file, terms),
            _ => new RecordedFlights(file, terms),
        };
    }

    /// <summary>The next flight; null at the end.</summary>
    public abstract ReadFlight? Next();

    /// <summary>What is to be said about the file as a whole, once it was read to its end.</summary>
    public virtual IReadOnlyList<ImportRemark> Remarks => [];

    public abstract void Dispose();
}

namespace DroneOps.Server.Sorties.Import;

/// <summary>What was understood of a file of flights, and what became of each.</summary>
/// <param name="File">Its name.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Encoding">Of a table.</param>
/// <param name="Separator">Of a table.</param>
/// <param name="IsDryRun">Nothing was written: it says what would become of the file.</param>
/// <param name="Columns">Of a table, and what each is understood as.</param>
/// <param name="Remarks">About the file as a whole.</param>
/// <param name="Items">Each flight that is refused, and each that something is to be said about; the first thousand.</param>
/// <param name="ItemsLeftOff">How many more there are.</param>
/// <param name="Taken">Flights that are new.</param>
/// <param name="Known">Flights that were there already; they are left alone.</param>
/// <param name="Refused">Flights that were not taken.</param>
/// <param name="Before">All sorties before it.</param>
/// <param name="After">All sorties after it.</param>
internal sealed record ImportReport(
    string File, FlightFormat Format, string Sha256, string? Encoding, string? Separator, bool IsDryRun, IReadOnlyList<UnderstoodColumn> Columns, IReadOnlyList<ImportRemark> Remarks,
    IReadOnlyList<ImportReport.Item> Items, int ItemsLeftOff, int Taken, int Known, int Refused, ImportReport.Totals Before, ImportReport.Totals After)
{
    /// <summary>What became of a flight.</summary>
    /// <param name="Row">The line of a table; the number of a track or of a flight in a recording.</param>
    /// <param name="Number">What the file calls the flight.</param>
    /// <param name="Result">taken, known or refused.</param>
    /// <param name="SortieId">The sortie that it is now, or was before; null when it is refused or nothing is written.</param>
    /// <param name="Remarks">Why it was refused, what was left out, or what is missing in it.</param>
    internal sealed record Item(int Row, string? Number, string? Vehicle, DateTimeOffset? TakeoffAt, string Result, Guid? SortieId, IReadOnlyList<ImportRemark> Remarks);

    /// <summary>How much there is.</summary>
    internal sealed record Totals(int Sorties, double AirborneSeconds, double ArmedSeconds);
}

using System.Text;
using DroneOps.Server.Api;

namespace DroneOps.Server.Sorties.Import;

/// <summary>The flights of a table with separators, one a line, in UTF-8, UTF-16 or GB18030.</summary>
internal sealed class FlightTable : FlightReader
{
    private readonly SeparatedLines _lines;
    private readonly FlightColumns _columns;
    private readonly FlightRow _rows;
    private readonly Encoding _encoding;
    private bool _isOver;

    private FlightTable(SeparatedLines lines, FlightColumns columns, FlightRow rows, Encoding encoding)
    {
        (_lines, _columns, _rows, _encoding) = (lines, columns, rows, encoding);
    }

    public override string Encoding => _encoding.WebName;

    public override string Separator => _lines.Separator.ToString();

    public override IReadOnlyList<UnderstoodColumn> Columns => _columns.Understood();

    /// <summary>Opens a table; null when it is none.</summary>
    public static FlightTable? Open(Stream file, FileTerms terms, out ImportRemark? wrong)
    {
        if (SeparatedText.EncodingOf(file) is not { } encoding)
        {
            wrong = new("body", "The file is neither UTF-8 nor GB18030 text.");
            return null;
        }

        var lines = SeparatedLines.Open(file, encoding);
        var columns = lines.Next() is { Wrong: null } heading ? FlightColumns.Of(heading.Fields) : null;
        wrong = columns is null ? new("body", "The file has no heading.") : columns.Wrong(terms.Vehicle is not null) is { } missing ? new("body", missing) : null;
        if (columns is not null && wrong is null)
            return new(lines, columns, new FlightRow(columns, terms), encoding);
        lines.Dispose();
        return null;
    }

    public override ReadFlight? Next()
    {
        if (_isOver || _lines.Next() is not { } line)
            return null;
        if (line.Wrong is { } wrong)
        {
            // A line whose end is not found is the last: what follows cannot be told from it.
            _isOver = line.Fields.Length == 0;
            return ReadFlight.Refused(line.Number, "row", wrong);
        }

        return _rows.Read(line.Number, line.Fields);
    }

    public override void Dispose() => _lines.Dispose();
}

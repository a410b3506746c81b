using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace DroneOps.Server.Api;

/// <summary>A line of a file: where it begins, its fields, and what is wrong with its form.</summary>
internal sealed record SeparatedLine(int Number, string[] Fields, string? Wrong);

/// <summary>Reads a file with separators line by line; no more than one line of it is in memory.</summary>
internal sealed class SeparatedLines : IDisposable
{
    // An open quote swallows what follows it: this is as much as it gets.
    private const int LongestField = 16 * 1024;
    private const int LongestHeader = 64 * 1024;

    private readonly CsvParser _parser;
    private bool _isBroken;

    private SeparatedLines(StreamReader reader, char separator)
    {
        Separator = separator;
        _parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.ToString(),
            BadDataFound = _ => _isBroken = true,
            MaxFieldSize = LongestField,
            IgnoreBlankLines = true,
        });
    }

    /// <summary>What stands between its fields.</summary>
    public char Separator { get; }

    /// <summary>Begins to read.</summary>
    public static SeparatedLines Open(Stream text, Encoding encoding)
    {
        text.Position = 0;
        var front = new StreamReader(text, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: -1, leaveOpen: true);
        var header = new StringBuilder();
        for (int next; header.Length < LongestHeader && (next = front.Read()) is not (-1 or '\r' or '\n');)
            header.Append((char)next);
        text.Position = 0;
        return new SeparatedLines(new StreamReader(text, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: -1, leaveOpen: true), SeparatedText.SeparatorOf(header.ToString()));
    }

    /// <summary>The next line; null at the end. After a line that cannot be found the end of, there is no next one.</summary>
    public SeparatedLine? Next()
    {
        _isBroken = false;
        string[]? fields;
        try
        {
            fields = _parser.Read() ? _parser.Record : null;
        }
        catch (MaxFieldSizeException)
        {
            return new(_parser.RawRow, [], "A field is longer than 16,384 characters: a quote before it is not closed. Nothing after this line was read.");
        }

        if (fields is null)
            return null;
        var begins = _parser.RawRow - fields.Sum(field => field.AsSpan().Count('\n'));
        return new(begins, fields, _isBroken && fields.Any(field => field.Contains('\n', StringComparison.Ordinal)) ? "A quote is not closed." : null);
    }

    public void Dispose() => _parser.Dispose();
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DroneOps.Server.Response;

/// <summary>The report as a table for spreadsheets: RFC 4180, one row for each group and span, UTF-8 with a byte order mark, without which
/// the usual one reads Chinese as something else.</summary>
internal static class ReportCsv
{
    private const string Header = "by,key,incidents,span,count,p50S,p90S,maxS,within60S,within90S,within120S,within180S,droneFirst,unitFirst,together\r\n";

    /// <summary>Writes it.</summary>
    public static byte[] Write(ResponseReport report)
    {
        var text = new StringBuilder(Header);
        Append(text, "all", "", report.Total);
        foreach (var group in report.Groups)
            Append(text, group.By, group.Key, group.Figures);
        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    /// <summary>A text as a field. A spreadsheet takes a text that begins with one of <c>= + - @</c>, a tab or a carriage return for a formula and
    /// runs it, and types of incidents come from outside: an apostrophe before it makes it a text again.</summary>
    public static string Field(string text)
    {
        var harmless = text.TrimStart(' ') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..] ? $"'{text}" : text;
        return harmless.AsSpan().IndexOfAny(",\"\r\n") < 0 ? harmless : $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static void Append(StringBuilder text, string by, string key, Figures figures)
    {
        foreach (var span in figures.Spans)
        {
            text.Append(CultureInfo.InvariantCulture, $"{by},{Field(key)},{figures.Incidents},{JsonNamingPolicy.CamelCase.ConvertName(span.Span.ToString())},{span.Count},{span.P50S},{span.P90S},{span.MaxS},");
            // What is counted of the arrival of the drone stands in its row; elsewhere the cells are empty, so that a sum counts it once.
            text.Append(span.Span == ResponseSpan.DroneToScene
                ? string.Create(CultureInfo.InvariantCulture, $"{figures.Within.In60S},{figures.Within.In90S},{figures.Within.In120S},{figures.Within.In180S},{figures.AirAndGround.DroneFirst},{figures.AirAndGround.UnitFirst},{figures.AirAndGround.Together}\r\n")
                : ",,,,,,\r\n");
        }
    }
}

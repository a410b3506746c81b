using System.Globalization;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Api;

namespace DroneOps.Server.Response;

/// <summary>The report as a table for spreadsheets, one row for each group and span.</summary>
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
        return Spreadsheet.Bytes(text);
    }

    private static void Append(StringBuilder text, string by, string key, Figures figures)
    {
        foreach (var span in figures.Spans)
        {
            text.Append(CultureInfo.InvariantCulture, $"{by},{Spreadsheet.Field(key)},{figures.Incidents},{JsonNamingPolicy.CamelCase.ConvertName(span.Span.ToString())},{span.Count},{span.P50S},{span.P90S},{span.MaxS},");
            // What is counted of the arrival of the drone stands in its row; elsewhere the cells are empty, so that a sum counts it once.
            text.Append(span.Span == ResponseSpan.DroneToScene
                ? string.Create(CultureInfo.InvariantCulture, $"{figures.Within.In60S},{figures.Within.In90S},{figures.Within.In120S},{figures.Within.In180S},{figures.AirAndGround.DroneFirst},{figures.AirAndGround.UnitFirst},{figures.AirAndGround.Together}\r\n")
                : ",,,,,,\r\n");
        }
    }
}

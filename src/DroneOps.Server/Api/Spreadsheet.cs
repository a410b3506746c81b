using System.Text;

namespace DroneOps.Server.Api;

/// <summary>Tables for spreadsheets: RFC 4180, UTF-8 with a byte order mark, without which the usual one reads Chinese as something else.</summary>
internal static class Spreadsheet
{
    /// <summary>A text as a field. A spreadsheet takes a text that begins with one of <c>= + - @</c>, a tab or a line end for a formula and
    /// runs it, and much of what is listed comes from outside: an apostrophe before it makes it a text again.</summary>
    public static string Field(string? text)
    {
        if (text is null)
            return "";
        var harmless = text.TrimStart(' ') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..] ? $"'{text}" : text;
        return harmless.AsSpan().IndexOfAny(",\"\r\n") < 0 ? harmless : $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>The bytes of a table.</summary>
    public static byte[] Bytes(StringBuilder table) => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(table.ToString())];
}

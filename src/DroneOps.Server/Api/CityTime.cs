using System.Globalization;

namespace DroneOps.Server.Api;

/// <summary>The city's calendar: days and hours of reports are the city's. China has one time zone and no summer time.</summary>
internal static class CityTime
{
    /// <summary>Ahead of UTC.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>How the files of other systems write a time of the clock on the wall.</summary>
    private static readonly string[] TimeForms =
    [
        "yyyy-M-d H:m:s", "yyyy-M-d H:m", "yyyy-M-d H:m:s.FFFFFF", "yyyy-M-d'T'H:m:s", "yyyy-M-d'T'H:m:s.FFFFFF", "yyyy/M/d H:m:s", "yyyy/M/d H:m", "yyyy.M.d H:m:s",
        "yyyy'年'M'月'd'日' H'时'm'分's'秒'", "yyyy'年'M'月'd'日'H'时'm'分's'秒'", "yyyy'年'M'月'd'日' H:m:s", "yyyy'年'M'月'd'日'H'时'm'分'", "yyyyMMddHHmmss",
    ];

    /// <summary>The day in the city.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Offset).DateTime);

    /// <summary>The hour in the city, 0 to 23.</summary>
    public static int HourOf(DateTimeOffset at) => at.ToOffset(Offset).Hour;

    /// <summary>When a day begins in the city.</summary>
    public static DateTimeOffset BeginOf(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Offset).ToUniversalTime();

    /// <summary>Reads a time as files of other systems write it: with its offset, or as the clock on the wall in the city.</summary>
    /// <returns>In UTC; null when it is neither.</returns>
    public static DateTimeOffset? Read(string text) =>
        Rfc3339.TryParse(text, out var told) ? told.ToUniversalTime()
        : DateTime.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var local) && local.Year is > 1 and < 9999
            ? new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), Offset).ToUniversalTime()
            : null;
}

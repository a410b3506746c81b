namespace DroneOps.Server.Api;

/// <summary>The city's calendar: days and hours of reports are the city's. China has one time zone and no summer time.</summary>
internal static class CityTime
{
    /// <summary>Ahead of UTC.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>The day in the city.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Offset).DateTime);

    /// <summary>The hour in the city, 0 to 23.</summary>
    public static int HourOf(DateTimeOffset at) => at.ToOffset(Offset).Hour;

    /// <summary>When a day begins in the city.</summary>
    public static DateTimeOffset BeginOf(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Offset).ToUniversalTime();
}

using System.Globalization;

namespace DroneOps.Server.Api;

/// <summary>Where a list goes on that is sorted by time, newest first: two things may have happened at one time, so the id goes with it.</summary>
/// <param name="At">The time of the last row that was given.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct TimeCursor(DateTimeOffset At, Guid Id)
{
    /// <summary>The cursor's key.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}/{Id:n}");

    /// <summary>Reads a page's cursor.</summary>
    /// <param name="cursor">Null for the first page.</param>
    /// <returns>False when it is not one of this list.</returns>
    public static bool TryRead(PageRequest page, out TimeCursor? cursor)
    {
        cursor = null;
        if (page.After is not { } key)
            return true;
        if (key.Split('/') is not [var ticks, var id] || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > DateTimeOffset.MaxValue.UtcTicks || !Guid.TryParseExact(id, "n", out var last))
            return false;
        cursor = new TimeCursor(new DateTimeOffset(at, TimeSpan.Zero), last);
        return true;
    }

    /// <summary>What is wrong with a cursor that another list has given.</summary>
    public static Fault Wrong => new("cursor", "This is not a cursor that the list has given.");
}

using DroneOps.Server.Api;

namespace DroneOps.Server.Patrols;

/// <summary>"Every N minutes from HH:mm to HH:mm on these days", on the city's clock. Pure.</summary>
/// <param name="EveryMinutes">Between two occurrences of a window.</param>
/// <param name="From">When a window opens; the first occurrence is then.</param>
/// <param name="To">When it closes, not included; past midnight when not after <paramref name="From"/>, round the clock when equal.</param>
/// <param name="Days">The days windows open, 1 Monday to 7 Sunday.</param>
internal sealed record Schedule(int EveryMinutes, TimeOnly From, TimeOnly To, IReadOnlyList<int> Days)
{
    /// <summary>The occurrences after one instant up to and including another, in order, UTC.</summary>
    public IEnumerable<DateTimeOffset> Between(DateTimeOffset after, DateTimeOffset upTo)
    {
        // A day early: a window that opened yesterday evening may reach into this morning.
        var day = CityTime.DayOf(after).AddDays(-1);
        var last = CityTime.DayOf(upTo);
        for (; day <= last; day = day.AddDays(1))
        {
            if (!Days.Contains(day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek))
                continue;
            var opens = new DateTimeOffset(day.ToDateTime(From), CityTime.Offset).ToUniversalTime();
            var closes = new DateTimeOffset((To > From ? day : day.AddDays(1)).ToDateTime(To), CityTime.Offset);
            for (var at = opens; at < closes; at = at.AddMinutes(EveryMinutes))
            {
                if (at > after && at <= upTo)
                    yield return at;
            }
        }
    }
}

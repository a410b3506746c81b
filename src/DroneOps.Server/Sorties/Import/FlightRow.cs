using System.Globalization;
using System.Text.RegularExpressions;
using DroneOps.Server.Api;

namespace DroneOps.Server.Sorties.Import;

/// <summary>Reads one line of a table of flights. Pure: a flight or what is wrong with it out. What a flight cannot be counted without is refused
/// when it cannot be read; the rest is left out, and said.</summary>
internal sealed partial class FlightRow(FlightColumns columns, FileTerms terms)
{
    private const int LongestText = 200;
    private const double LongestDistanceM = 1_000_000;
    private const double HighestM = 10_000;

    /// <summary>The landing and the time in the air of old logs are rounded to minutes.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(90);

    /// <summary>A landing whose clock is before that of the take-off is that of the next day only for a flight through the night.</summary>
    private static readonly TimeSpan LongestNight = TimeSpan.FromHours(12);

    private static readonly string[] ClockForms = [@"h\:mm", @"h\:mm\:ss", @"hh\:mm", @"hh\:mm\:ss"];

    private static readonly string[] DayForms = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy'年'M'月'd'日'"];

    private static readonly FlightField[] Texts =
        [FlightField.Number, FlightField.Vehicle, FlightField.HardwareId, FlightField.Pilot, FlightField.Purpose, FlightField.AuthorisedBy, FlightField.Task, FlightField.BatterySerial, FlightField.Unit];

    /// <summary>Reads a line.</summary>
    public ReadFlight Read(int row, string[] fields)
    {
        List<ImportRemark> remarks = [];
        var flight = Flight(fields, remarks);
        return new(row, flight, remarks);
    }

    private HistoricFlight? Flight(string[] fields, List<ImportRemark> remarks)
    {
        foreach (var field in Texts)
        {
            if (columns.Of(field, fields)?.Length > LongestText)
                return Refuse(remarks, NameOf(field), $"It is longer than {LongestText} characters.");
        }

        if ((columns.Of(FlightField.Vehicle, fields) ?? columns.Of(FlightField.HardwareId, fields) ?? terms.Vehicle) is not { } vehicle)
            return Refuse(remarks, "vehicle", "It names no drone.");
        if (Takeoff(fields, remarks) is not { } takeoff || Landed(fields, takeoff, remarks) is not { } landed)
            return null;
        if (FlightTimes.Wrong(takeoff, landed, terms.Now) is { } wrong)
            return Refuse(remarks, wrong.Field, wrong.Why);
        return new()
        {
            Number = columns.Of(FlightField.Number, fields),
            Vehicle = vehicle,
            HardwareId = columns.Of(FlightField.HardwareId, fields),
            Pilot = columns.Of(FlightField.Pilot, fields) ?? terms.Pilot,
            Purpose = columns.Of(FlightField.Purpose, fields),
            AuthorisedBy = columns.Of(FlightField.AuthorisedBy, fields),
            Task = columns.Of(FlightField.Task, fields),
            BatterySerial = columns.Of(FlightField.BatterySerial, fields),
            Unit = columns.Of(FlightField.Unit, fields),
            Place = Place(fields, takeoff, remarks),
            Draft = new()
            {
                TakeoffAt = takeoff,
                TakeoffSource = ClockSource.Imported,
                LandedAt = landed,
                LandingSource = ClockSource.Imported,
                LastHeardAt = landed,
                DistanceM = Metres(FlightField.Distance, fields, LongestDistanceM, remarks) ?? 0,
                MaxAltitudeAboveHomeM = Metres(FlightField.MaxHeight, fields, HighestM, remarks),
            },
        };
    }

    private DateTimeOffset? Takeoff(string[] fields, List<ImportRemark> remarks)
    {
        if (columns.Of(FlightField.TakeoffAt, fields) is not { } text)
            Refuse(remarks, "takeoffAt", "It has no take-off.");
        else if (Time(text, fields) is { } at)
            return at;
        else
            Refuse(remarks, "takeoffAt", $"The time '{text}' is not like 2026-05-01 08:30:00.");
        return null;
    }

    private DateTimeOffset? Landed(string[] fields, DateTimeOffset takeoff, List<ImportRemark> remarks)
    {
        TimeSpan? lasted = null;
        if (columns.Of(FlightField.Duration, fields) is { } duration)
        {
            if (Duration(duration) is not { } read)
            {
                Refuse(remarks, "duration", columns.UnitOf(FlightField.Duration) is null ? $"The duration '{duration}' has no unit: write it as h:mm:ss, or its unit into the heading." : $"The duration '{duration}' is not a time.");
                return null;
            }

            if (read <= TimeSpan.Zero)
            {
                Refuse(remarks, "duration", $"The duration '{duration}' is not longer than nothing.");
                return null;
            }

            lasted = read;
        }

        if (columns.Of(FlightField.LandedAt, fields) is not { } text)
        {
            if (lasted is { } only)
                return takeoff + only;
            Refuse(remarks, "landedAt", "It has neither a landing nor a time in the air.");
            return null;
        }

        if (Time(text, fields) is not { } landed)
        {
            Refuse(remarks, "landedAt", $"The time '{text}' is not like 2026-05-01 08:30:00.");
            return null;
        }

        if (landed < takeoff && Clock(text) is not null && landed.AddDays(1) - takeoff <= LongestNight)
        {
            landed = landed.AddDays(1);
            remarks.Add(new("landedAt", "The landing is taken for that of the next day."));
        }

        if (lasted is { } told && landed > takeoff && ((landed - takeoff) - told).Duration() > Rounding)
            remarks.Add(new("duration", $"The duration '{columns.Of(FlightField.Duration, fields)}' is not the time from take-off to landing, which is counted."));
        return landed;
    }

    /// <summary>A time of day with the day that stands in a column of its own, or a time with its day.</summary>
    private DateTimeOffset? Time(string text, string[] fields) =>
        Clock(text) is { } clock
            ? columns.Of(FlightField.Date, fields) is { } date && DateOnly.TryParseExact(date, DayForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year > 1 && day.Year < 9999 ? CityTime.BeginOf(day) + clock : null
            : CityTime.Read(text);

    private static TimeSpan? Clock(string text) => TimeSpan.TryParseExact(text, ClockForms, CultureInfo.InvariantCulture, out var clock) && clock < TimeSpan.FromDays(1) ? clock : null;

    private TimeSpan? Duration(string text)
    {
        double seconds;
        if (Parts().Match(text) is { Success: true } parts && parts.Length > 0)
            seconds = (Whole(parts, "h") * 3600) + (Whole(parts, "m") * 60) + Whole(parts, "s");
        else if (Colons().Match(text) is { Success: true } clock)
            seconds = (Whole(clock, "h") * 3600) + (Whole(clock, "m") * 60) + Whole(clock, "s");
        else if (columns.UnitOf(FlightField.Duration) is { } unit && TryNumber(text, out var number))
            seconds = number * unit;
        else
            return null;
        return double.IsFinite(seconds) && Math.Abs(seconds) < 1e8 ? TimeSpan.FromMilliseconds(Math.Round(seconds * 1000)) : null;

        static double Whole(Match match, string group) => match.Groups[group] is { Success: true, Value: var value } && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) ? count : 0;
    }

    private double? Metres(FlightField field, string[] fields, double most, List<ImportRemark> remarks)
    {
        if (columns.Of(field, fields) is not { } text)
            return null;
        if (TryNumber(text, out var number) && number * (columns.UnitOf(field) ?? 1) is >= 0 and var metres && metres <= most)
            return metres;
        remarks.Add(new(NameOf(field), $"'{text}' cannot be read and was left out."));
        return null;
    }

    private TrackPoint? Place(string[] fields, DateTimeOffset at, List<ImportRemark> remarks)
    {
        var (east, north) = (columns.Of(FlightField.Longitude, fields), columns.Of(FlightField.Latitude, fields));
        if (east is null && north is null)
            return null;
        if (TryNumber(east, out var lon) && TryNumber(north, out var lat) && new Mavlink.GeoPoint(lat, lon).IsValid && terms.Place(lat, lon) is { IsValid: true } place)
            return new(at, place.LongitudeDeg, place.LatitudeDeg, 0, 0, 0);
        remarks.Add(new("longitude", $"The coordinates '{east}', '{north}' are no place and were left out."));
        return null;
    }

    /// <summary>A comma may stand for the point or for thousands: a number with one is not guessed at.</summary>
    private static bool TryNumber(string? text, out double number)
    {
        number = 0;
        return text is not null && double.TryParse(text.TrimEnd('°'), NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    private static HistoricFlight? Refuse(List<ImportRemark> remarks, string field, string why)
    {
        remarks.Clear();
        remarks.Add(new(field, why));
        return null;
    }

    private static string NameOf(FlightField field) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(field.ToString());

    [GeneratedRegex(@"^(?:(?<h>\d{1,4})\s*(?:小时|时|h))?\s*(?:(?<m>\d{1,5})\s*(?:分钟|分|min|m))?\s*(?:(?<s>\d{1,6}(?:\.\d{1,6})?)\s*(?:秒|sec|s))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    [GeneratedRegex(@"^(?<h>\d{1,4}):(?<m>[0-5]?\d):(?<s>[0-5]?\d(?:\.\d{1,6})?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Colons();
}

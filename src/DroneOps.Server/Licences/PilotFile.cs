using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Licences;

/// <summary>What a pilot lacks.</summary>
internal enum LackKind
{
    /// <summary>No licence was ever entered for him.</summary>
    NoLicence,

    /// <summary>None of his licences holds.</summary>
    LicenceExpired,

    /// <summary>The medical of the licence that holds has run out.</summary>
    MedicalExpired,

    /// <summary>Too few flights to be in practice.</summary>
    NotCurrent,

    /// <summary>Too long in the air already.</summary>
    DutyExceeded,
}

/// <summary>Something that a pilot lacks, in a sentence.</summary>
internal sealed record Lack(LackKind Kind, string Text);

/// <summary>A flight as a pilot's record counts it.</summary>
internal readonly record struct PilotFlight(DateTimeOffset TakeoffAt, double AirborneS);

/// <summary>A pilot's licences and flights.</summary>
/// <param name="Licences">All that were ever entered.</param>
/// <param name="Flights">Those that may matter, in any order.</param>
internal sealed record PilotFile(IReadOnlyList<Licence> Licences, IReadOnlyList<PilotFlight> Flights)
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>How far back flights matter.</summary>
    public static TimeSpan Reach(LicencesOptions options) => TimeSpan.FromDays(Math.Max(options.CurrencyDays, Week.Days));

    /// <summary>The licence that holds at a moment; null where none does. Of several one whose medical is good, since a new medical is entered as another
    /// licence beside the one that still holds; then the one that holds longest, and the one entered last.</summary>
    public Licence? HoldingAt(DateTimeOffset at) => Licences.Where(licence => licence.ValidFrom <= at && at < licence.HoldsUntil)
        .OrderByDescending(licence => licence.MedicalUntil is null || licence.MedicalUntil > at).ThenByDescending(licence => licence.HoldsUntil).ThenByDescending(licence => licence.EnteredAt).FirstOrDefault();

    /// <summary>Flights that took off in a time before a moment.</summary>
    public int FlightsIn(TimeSpan span, DateTimeOffset at) => Flights.Count(flight => flight.TakeoffAt < at && flight.TakeoffAt >= at - span);

    /// <summary>Hours flown in a time before a moment; of a flight that began earlier, its part in it.</summary>
    public double HoursIn(TimeSpan span, DateTimeOffset at) => Flights.Where(flight => flight.TakeoffAt < at).Sum(flight =>
    {
        var (from, to) = (flight.TakeoffAt < at - span ? at - span : flight.TakeoffAt, flight.TakeoffAt.AddSeconds(flight.AirborneS));
        return Math.Max(0, ((to < at ? to : at) - from).TotalHours);
    });

    /// <summary>Hours in the last 24.</summary>
    public double HoursInDay(DateTimeOffset at) => HoursIn(Day, at);

    /// <summary>Hours in the last seven days.</summary>
    public double HoursInWeek(DateTimeOffset at) => HoursIn(Week, at);

    /// <summary>What the pilot lacks to launch at a moment. Pure.</summary>
    public IEnumerable<Lack> LacksAt(DateTimeOffset at, LicencesOptions options)
    {
        if (Licences.Count == 0)
        {
            if (options.Required)
                yield return new(LackKind.NoLicence, "No licence is entered.");
            yield break;
        }

        if (HoldingAt(at) is not { } holding)
            yield return new(LackKind.LicenceExpired, string.Create(CultureInfo.InvariantCulture, $"No licence holds; the last one until {LastDay(Licences.Max(licence => licence.HoldsUntil)):yyyy-MM-dd}."));
        else if (holding.MedicalUntil <= at)
            yield return new(LackKind.MedicalExpired, string.Create(CultureInfo.InvariantCulture, $"The medical was good until {LastDay(holding.MedicalUntil.Value):yyyy-MM-dd}."));
        if (options.CurrencyFlights > 0 && FlightsIn(TimeSpan.FromDays(options.CurrencyDays), at) is var flown && flown < options.CurrencyFlights)
            yield return new(LackKind.NotCurrent, string.Create(CultureInfo.InvariantCulture, $"Flown {flown} times in {options.CurrencyDays} days; {options.CurrencyFlights} are asked for."));
        if (options.DutyHoursInDay > 0 && HoursInDay(at) is var today && today >= options.DutyHoursInDay)
            yield return new(LackKind.DutyExceeded, string.Create(CultureInfo.InvariantCulture, $"In the air for {today:0.0} h in 24 hours; {options.DutyHoursInDay:0.#} h are the limit."));
        if (options.DutyHoursInWeek > 0 && HoursInWeek(at) is var week && week >= options.DutyHoursInWeek)
            yield return new(LackKind.DutyExceeded, string.Create(CultureInfo.InvariantCulture, $"In the air for {week:0.0} h in seven days; {options.DutyHoursInWeek:0.#} h are the limit."));
    }

    /// <summary>What ends as a day begins was good until the day before.</summary>
    private static DateOnly LastDay(DateTimeOffset until) => CityTime.DayOf(until.AddTicks(-1));

    /// <summary>The files of pilots: of one, or of all that have a licence or have flown in the time.</summary>
    /// <param name="from">The first moment that is asked about.</param>
    /// <param name="to">The last one.</param>
    public static async Task<Dictionary<string, PilotFile>> ReadAsync(FleetDb db, string? pilot, DateTimeOffset from, DateTimeOffset to, LicencesOptions options, CancellationToken cancellation)
    {
        var earliest = from - Reach(options);
        var licences = await db.Set<Licence>().AsNoTracking().Where(licence => pilot == null || licence.Pilot == pilot).ToListAsync(cancellation);
        var flights = await db.Set<SortieRecord>().Where(sortie => sortie.TakeoffAt >= earliest && sortie.TakeoffAt < to && sortie.Pilot != null && (pilot == null || sortie.Pilot == pilot))
            .Select(sortie => new { sortie.Pilot, sortie.TakeoffAt, sortie.AirborneS }).ToListAsync(cancellation);
        var (held, flown) = (licences.ToLookup(licence => licence.Pilot), flights.ToLookup(flight => flight.Pilot!, flight => new PilotFlight(flight.TakeoffAt, flight.AirborneS)));
        return held.Select(group => group.Key).Concat(flown.Select(group => group.Key)).Distinct().ToDictionary(name => name, name => new PilotFile([.. held[name]], [.. flown[name]]), StringComparer.Ordinal);
    }
}

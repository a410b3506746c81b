using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Licences;

/// <summary>What becomes of a launch by somebody who should not fly.</summary>
internal enum LicenceRule
{
    /// <summary>It is told and written down, and goes on.</summary>
    Warn,

    /// <summary>It is refused, unless it is an emergency.</summary>
    Refuse,
}

/// <summary>What is asked of pilots. What a number of zero asks for is asked of nobody.</summary>
internal sealed class LicencesOptions
{
    /// <summary>What becomes of a launch by a pilot who lacks something.</summary>
    public LicenceRule Rule { get; set; }

    /// <summary>Whether everybody who launches needs a licence that is entered here; otherwise who has none entered is not judged.</summary>
    public bool Required { get; set; }

    /// <summary>Flights in <see cref="CurrencyDays"/> days that keep a pilot in practice.</summary>
    [Range(0, 1000)]
    public int CurrencyFlights { get; set; }

    /// <summary>The days in which they must have been flown.</summary>
    [Range(1, 366)]
    public int CurrencyDays { get; set; } = 90;

    /// <summary>Hours in the air as pilot in 24 hours from which on he should not launch again.</summary>
    [Range(0.0, 24.0)]
    public double DutyHoursInDay { get; set; }

    /// <summary>Hours in the air as pilot in seven days from which on he should not launch again.</summary>
    [Range(0.0, 168.0)]
    public double DutyHoursInWeek { get; set; }
}

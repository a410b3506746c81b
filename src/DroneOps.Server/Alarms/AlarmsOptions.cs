using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Alarms;

/// <summary>When a condition becomes an alarm, when many become one, and how long one may be put aside.</summary>
internal sealed class AlarmsOptions
{
    /// <summary>Seconds that a caution or advisory must hold before it calls; a warning calls at once.</summary>
    [Range(0, 60)]
    public int OnDelayS { get; set; }

    /// <summary>Seconds that a condition must be gone before its alarm is over: what comes back meanwhile is the same alarm.</summary>
    [Range(0, 60)]
    public int OffDelayS { get; set; } = 5;

    /// <summary>Times in a minute from which on an alarm chatters; it is then over only after a quiet minute.</summary>
    [Range(2, 20)]
    public int ChatterTimes { get; set; } = 3;

    /// <summary>Alarms of one condition and one cause from which on they are one.</summary>
    [Range(2, 100)]
    public int GroupFrom { get; set; } = 3;

    /// <summary>Seconds within which they must have begun.</summary>
    [Range(5, 600)]
    public int GroupWindowS { get; set; } = 60;

    /// <summary>Alarms in ten minutes beyond which cautions and advisories are put together (ISA-18.2: 10).</summary>
    [Range(5, 1000)]
    public int FloodAbove { get; set; } = 10;

    /// <summary>Minutes that an alarm may be shelved at most: one shift.</summary>
    [Range(1, 1440)]
    public int ShelveMaxMinutes { get; set; } = 480;

    /// <summary>Incidents of this priority and above must not wait for a drone.</summary>
    [Range(1, 4)]
    public int UrgentPriority { get; set; } = 1;

    /// <summary>Seconds such an incident may wait before that is an alarm.</summary>
    [Range(5, 3600)]
    public int UrgentWaitS { get; set; } = 60;

    /// <summary>Days that alarms are kept for reports.</summary>
    [Range(31, 3650)]
    public int KeepDays { get; set; } = 400;
}

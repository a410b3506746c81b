using DroneOps.Server.Api;
using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>The grounds on which a person launches a vehicle by hand: why and by whose leave, or an emergency that has no time to say so.</summary>
/// <param name="Purpose">One of <see cref="LaunchPurposes"/>; null in an emergency.</param>
/// <param name="AuthorisedBy">A person or the number of an approval; null in an emergency.</param>
/// <param name="IsEmergency">Launched at once; both are owed afterwards.</param>
internal sealed record LaunchGrounds(string? Purpose, string? AuthorisedBy, bool IsEmergency)
{
    private const int LongestAuthorisation = 100;

    /// <summary>Whether nothing is missing.</summary>
    public bool Suffice => IsEmergency || (Purpose is not null && AuthorisedBy is not null);

    /// <summary>Reads the grounds of a request; null when none were sent.</summary>
    public static LaunchGrounds? Read(string? purpose, string? authorisedBy, bool? emergency, LaunchPurposes purposes, List<Fault> faults)
    {
        if ((purpose, authorisedBy, emergency) is (null, null, null))
            return null;
        if (purpose is not null && !purposes.Has(purpose))
            faults.Add(new Fault("#/purpose", purposes.Rule));
        var leave = authorisedBy?.Trim();
        if (leave is { Length: 0 or > LongestAuthorisation })
            faults.Add(new Fault("#/authorisedBy", $"authorisedBy is a person or the number of an approval, at most {LongestAuthorisation} characters."));
        if (emergency == true && (purpose, authorisedBy) is not (null, null))
            faults.Add(new Fault("#/emergency", "An emergency launch takes no purpose and no authorisation: with both it is none."));
        return new(purpose, leave, emergency == true);
    }
}

/// <summary>A launch that was ordered: until the vehicle is disarmed it is what the flight is made for.</summary>
/// <param name="Grounds">Why and by whose leave.</param>
/// <param name="Actor">Who gave the order.</param>
/// <param name="At">When.</param>
internal sealed record Launch(LaunchGrounds Grounds, string Actor, DateTimeOffset At)
{
    /// <summary>An order that the vehicle has not armed upon by then was not what it armed for: somebody else's order was, or a switch.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(1);

    /// <summary>Whether an arming is the one that was ordered.</summary>
    public bool Covers(DateTimeOffset armedAt) => armedAt - At <= Holds;
}

/// <summary>No flight without a purpose. Pure.</summary>
internal static class LaunchRules
{
    /// <summary>What a launch without them is told to send.</summary>
    public static readonly IReadOnlyList<Fault> Missing =
    [
        new("#/purpose", "Why the flight is made; GET /api/v1/purposes lists what can be."),
        new("#/authorisedBy", "Who allowed it: a person, or the number of an approval."),
    ];

    /// <summary>Whether a command starts a flight. Not known to be in the air is taken for the ground: then more is asked, not less.</summary>
    public static bool IsLaunch(VehicleCommand command, VehicleSnapshot? vehicle) =>
        command is VehicleCommand.Arm or VehicleCommand.Takeoff or VehicleCommand.StartMission && vehicle?.InAir != true;

    /// <summary>Why a command is refused, or null when it is allowed.</summary>
    /// <param name="vehicle">What the vehicle last showed.</param>
    /// <param name="assignment">The task that has it: whoever gave the task has said why.</param>
    /// <param name="standing">The launch it was armed for.</param>
    /// <param name="offered">What was sent with the command.</param>
    public static CommandRefusal? Check(VehicleCommand command, VehicleSnapshot? vehicle, Assignment? assignment, Launch? standing, LaunchGrounds? offered)
    {
        var isExplained = !IsLaunch(command, vehicle)
            || assignment is { Purpose.Length: > 0, AuthorisedBy.Length: > 0 }
            || (standing is not null && vehicle is { Armed: true })
            || offered is { Suffice: true };
        return isExplained ? null : new("purpose-required", "No flight without a purpose: send purpose and authorisedBy, or emergency and enter them after the landing.");
    }
}

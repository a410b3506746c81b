using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;
using DroneOps.Links;

namespace DroneOps.Server.Fleet;

/// <summary>How the service speaks to vehicles.</summary>
internal sealed class FleetOptions
{
    /// <summary>Our MAVLink system id. ArduPilot's link failsafe counts only heartbeats of the id in its MAV_GCS_SYSID, 255 by default.</summary>
    [Range(1, 255)]
    public byte SystemId { get; set; } = 255;

    /// <summary>Our MAVLink component id; 190 by the field's custom (MAV_COMP_ID_MISSIONPLANNER).</summary>
    [Range(1, 255)]
    public byte ComponentId { get; set; } = 190;

    /// <summary>Seconds without a heartbeat after which a vehicle's link counts as lost.</summary>
    [Range(2.0, 4.5)]
    public double LinkLostAfterS { get; set; } = 4.25;

    /// <summary>Minutes that a control lease lasts unless it is renewed.</summary>
    [Range(1, 120)]
    public int ControlLeaseMinutes { get; set; } = 10;
}

/// <summary>The links that are open from the start, as addresses: <c>udp-listen://0.0.0.0:14550</c>, <c>udp://</c>, <c>tcp-listen://</c>,
/// <c>tcp://</c>, <c>serial:///dev/ttyUSB0?baud=57600</c>. Without any, the first is used.</summary>
internal sealed class LinksOptions : Collection<string>, IValidatableObject
{
    /// <summary>Where autopilots and simulators send by custom.</summary>
    public const string Default = "udp-listen://0.0.0.0:14550";

    /// <summary>The addresses; valid ones, once the options were checked.</summary>
    public LinkUri[] Parse() => Count == 0 ? [LinkUri.Parse(Default)] : [.. this.Select(LinkUri.Parse)];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var text in this)
        {
            if (!LinkUri.TryParse(text, out _, out var error))
                yield return new ValidationResult(error);
        }
    }
}

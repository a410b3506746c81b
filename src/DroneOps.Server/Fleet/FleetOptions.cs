using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;
using DroneOps.Links;

namespace DroneOps.Server.Fleet;

/// <summary>How the service speaks to vehicles.</summary>
internal sealed class FleetOptions : IValidatableObject
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

    /// <summary>Whether a vehicle that ignores a lost link or a low battery, or counts another station's heartbeats, is never sent off on its own.</summary>
    public bool FailsafesMustBeOn { get; set; } = true;

    /// <summary>Energy of a full battery, watt-hours, that is assumed of a vehicle that does not say how much its pack holds.</summary>
    [Range(5.0, 20_000.0)]
    public double AssumedBatteryWh { get; set; } = 75;

    /// <summary>What vehicles carry that can be switched, as <c>vehicle|name|relay|number</c> or <c>vehicle|name|servo|channel|on µs|off µs</c>. The vehicle is a
    /// call sign, an id or <c>*</c>; the name is <c>light</c>, <c>loudspeaker</c>, or <c>loudspeaker/</c> and the id of a recorded message.</summary>
    public Collection<string> Payloads { get; } = [];

    /// <summary>The outputs of a vehicle; its own line goes before one for all.</summary>
    public IEnumerable<PayloadOutput> PayloadsOf(FleetVehicle vehicle) =>
        Payloads.Select(text => PayloadOutput.Parse(text)!).Where(output => output.IsOf(vehicle)).OrderBy(output => output.Vehicle == "*").DistinctBy(output => output.Name);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Payloads.FirstOrDefault(text => PayloadOutput.Parse(text) is null) is { } wrong)
            yield return new ValidationResult($"DroneOps:Fleet:Payloads: '{wrong}' is not vehicle|name|relay|number or vehicle|name|servo|channel|on|off.", [nameof(Payloads)]);
    }
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

namespace DroneOps.Simulator;

/// <summary>One flight as the vehicle itself knows it, on the clock that the vehicle is stepped with.</summary>
/// <param name="ArmedAt">When the motors were armed; of a later hop, when it landed before.</param>
/// <param name="TakeoffAt">When it left the ground.</param>
/// <param name="LandedAt">When its land detector saw it down; null while it flies.</param>
/// <param name="ChargeAtLanding">What was left in the battery then, 0..1.</param>
/// <param name="DisarmedAt">When the motors were disarmed, or when the next hop began; null until then.</param>
internal sealed record FlownFlight(DateTimeOffset ArmedAt, DateTimeOffset TakeoffAt, DateTimeOffset? LandedAt, double? ChargeAtLanding, DateTimeOffset? DisarmedAt);

/// <summary>The vehicle's own book of its flights: the truth that a flight log is measured by.</summary>
internal sealed partial class SimulatedCopter
{
    private readonly List<FlownFlight> _flights = [];
    private DateTimeOffset _armedAt;
    private bool _wasArmed;
    private bool _wasLanded = true;

    /// <summary>Every flight since it was made, in order. A restart in flight ends the flight.</summary>
    public IReadOnlyList<FlownFlight> Flights => _flights;

    private void KeepFlightBook()
    {
        var at = _start + TimeSpan.FromMicroseconds(_now / _setup.Speedup);
        if (_copter.IsArmed != _wasArmed)
        {
            _wasArmed = _copter.IsArmed;
            if (_wasArmed)
                _armedAt = at;
            else
                Amend(flight => flight with { DisarmedAt = flight.DisarmedAt ?? at });
        }

        if (_copter.IsLanded == _wasLanded)
            return;
        _wasLanded = _copter.IsLanded;
        if (_wasLanded)
        {
            Amend(flight => flight with { LandedAt = flight.LandedAt ?? at, ChargeAtLanding = flight.ChargeAtLanding ?? BatteryCharge });
            _armedAt = at;
            return;
        }

        Amend(flight => flight with { DisarmedAt = flight.DisarmedAt ?? _armedAt });
        _flights.Add(new(_armedAt, at, null, null, null));
    }

    private void Amend(Func<FlownFlight, FlownFlight> change)
    {
        if (_flights.Count > 0)
            _flights[^1] = change(_flights[^1]);
    }
}

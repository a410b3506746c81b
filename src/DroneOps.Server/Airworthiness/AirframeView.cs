namespace DroneOps.Server.Airworthiness;

/// <summary>An airframe with what it has flown, what is due, and what is wrong with it.</summary>
/// <param name="TotalHours">In its life, with those it brought.</param>
/// <param name="State">The worst of its plans.</param>
/// <param name="GroundedFor">Why it must not fly; null when it may.</param>
/// <param name="Plans">The one that is nearest to its limit first.</param>
internal sealed record AirframeView(
    string VehicleId, string Name, DateTimeOffset InServiceSince, double BroughtHours, int BroughtLandings, double TotalHours, int TotalLandings, UpkeepState State, string? GroundedFor,
    IReadOnlyList<PlanStanding> Plans, IReadOnlyList<DefectView> OpenDefects);

/// <summary>A pack, known by the serial number that it tells.</summary>
/// <param name="ToldCycles">Charges as it counts them itself.</param>
/// <param name="CountedCycles">Charges by what its flights here drew: a hundred percent is one. What it did before is not in it.</param>
/// <param name="State">By its own count where it has one, else by ours; and by its health.</param>
internal sealed record BatteryPack(
    string Serial, string VehicleId, string VehicleName, int Sorties, double AirborneSeconds, int? ToldCycles, double CountedCycles, int? HealthPercent, DateTimeOffset FirstUsedAt, DateTimeOffset LastUsedAt, UpkeepState State);

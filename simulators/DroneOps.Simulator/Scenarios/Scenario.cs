using System.Text.Json;
using System.Text.Json.Serialization;
using DroneOps.Mavlink;
using DroneOps.Simulator.Faults;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Scenarios;

/// <summary>Where vehicles stand: one for each vehicle, or docks that several share.</summary>
/// <param name="Name">For people.</param>
/// <param name="Lat">WGS-84 latitude, degrees.</param>
/// <param name="Lon">WGS-84 longitude, degrees.</param>
/// <param name="Alt">Ground, metres above mean sea level.</param>
/// <param name="Heading">Degrees true.</param>
internal sealed record ScenarioHome(string Name, double Lat, double Lon, double Alt = 10, double Heading = 0);

/// <summary>The weather of a scenario.</summary>
/// <param name="Speed">Mean wind at 60 m, m/s.</param>
/// <param name="Direction">Where it comes from, degrees true.</param>
/// <param name="Turbulence">Standard deviation of gusts, m/s.</param>
internal sealed record ScenarioWind(double Speed = 0, double Direction = 180, double Turbulence = 0);

/// <summary>A dock's care for batteries as a file writes it.</summary>
/// <param name="Mode">What it does.</param>
/// <param name="Seconds">How long that takes.</param>
internal sealed record ScenarioDock(
    [property: JsonConverter(typeof(JsonStringEnumConverter<DockMode>))] DockMode Mode = DockMode.Swap, double Seconds = 120);

/// <summary>A place with its ground.</summary>
internal readonly record struct Home(GeoPoint Point, double AltitudeAmsl, double HeadingDeg);

/// <summary>What is simulated: vehicles, homes, weather and faults. Read from a JSON file, or made from the command line.</summary>
/// <param name="Count">Number of vehicles.</param>
/// <param name="Homes">Where they stand; with fewer homes than vehicles the rest stand beside them.</param>
/// <param name="Docks">Instead of homes: a GeoJSON file of docks, in the form of the library's, beside the scenario file.</param>
/// <param name="FirstSystemId">System id of the first vehicle; the others follow.</param>
/// <param name="FastBoot">Ready within three seconds instead of 42.</param>
/// <param name="AirspeedSensor">Makes one calibration a long-running command.</param>
/// <param name="Wind">The weather.</param>
/// <param name="DockCare">What becomes of batteries between flights.</param>
/// <param name="Parameters">Autopilot parameters that differ from their defaults.</param>
/// <param name="Faults">What goes wrong, and when.</param>
internal sealed record Scenario(
    int Count = 3,
    IReadOnlyList<ScenarioHome>? Homes = null,
    string? Docks = null,
    int FirstSystemId = 1,
    bool FastBoot = false,
    bool AirspeedSensor = false,
    ScenarioWind? Wind = null,
    [property: JsonPropertyName("dock")] ScenarioDock? DockCare = null,
    IReadOnlyDictionary<string, float>? Parameters = null,
    IReadOnlyList<TimedFault>? Faults = null)
{
    /// <summary>System ids end at 254: 255 is the ground's.</summary>
    public const int MaxVehicles = 254;

    private const double SpacingMetres = 8;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The three demonstration docks of the sample city; approximate places, not surveyed ones.</summary>
    public static IReadOnlyList<ScenarioHome> ZhangzhouDocks { get; } =
    [
        new("Old City Dock", 24.515286, 117.659715, 28),
        new("Riverside Dock", 24.504835, 117.669155, 23.2),
        new("Longwen Dock", 24.507661, 117.697419, 41.4),
    ];

    /// <summary>Homes, never empty.</summary>
    [JsonIgnore]
    public IReadOnlyList<ScenarioHome> Places => Homes is { Count: > 0 } ? Homes : ZhangzhouDocks;

    /// <summary>What a dock does for a battery.</summary>
    [JsonIgnore]
    public DockCare Dock => DockCare is { } dock ? new(dock.Mode, dock.Seconds) : Simulator.DockCare.TwoMinuteSwap;

    /// <summary>Faults, possibly none.</summary>
    [JsonIgnore]
    public IReadOnlyList<TimedFault> PlannedFaults => Faults ?? [];

    /// <summary>Reads a scenario file.</summary>
    /// <exception cref="ScenarioException">The file cannot be read, or says something impossible; the message says what.</exception>
    public static Scenario Read(string path)
    {
        try
        {
            var scenario = JsonSerializer.Deserialize<Scenario>(File.ReadAllText(path), Format) ?? new Scenario();
            if (scenario.Docks is { } docks)
                scenario = scenario with { Homes = DockFile.Read(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, docks)) };
            scenario.Check();
            return scenario;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ScenarioException($"{path}: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Looks for what no simulation can do.</summary>
    /// <exception cref="ScenarioException">The message says what is wrong.</exception>
    public void Check()
    {
        if (Count is < 1 or > MaxVehicles)
            throw new ScenarioException($"count is {Count}: 1..{MaxVehicles} vehicles can be simulated");
        if (FirstSystemId < 1 || FirstSystemId + Count - 1 > MaxVehicles)
            throw new ScenarioException($"system ids {FirstSystemId}..{FirstSystemId + Count - 1} are not within 1..{MaxVehicles}");
        foreach (var home in Places)
        {
            if (!new GeoPoint(home.Lat, home.Lon).IsValid)
                throw new ScenarioException($"home '{home.Name}' at {home.Lat}, {home.Lon} is not on the earth");
        }

        foreach (var name in (Parameters?.Keys ?? []).Concat(PlannedFaults.Where(f => f.Kind == FaultKind.Parameter).Select(f => f.Parameter)))
        {
            if (!ParameterTable.TryFind(name, out _))
                throw new ScenarioException($"there is no parameter {name}");
        }

        foreach (var fault in PlannedFaults)
        {
            if (fault.AtSeconds < 0 || fault.Vehicle < 0 || fault.Vehicle > Count)
                throw new ScenarioException($"fault {fault.Kind} at {fault.AtSeconds} s for vehicle {fault.Vehicle} of {Count}");
            if (fault is { Kind: FaultKind.CameraResolution } && (fault.Value is < 180 or > 1080 || fault.Value % 2 != 0))
                throw new ScenarioException($"fault CameraResolution wants an even number of rows from 180 to 1080, not {fault.Value}");
        }
    }

    /// <summary>Where a vehicle stands. Those that share a home stand in rows of ten beside it.</summary>
    /// <param name="index">The vehicle, counted from 0.</param>
    public Home HomeOf(int index)
    {
        var home = Places[index % Places.Count];
        var rank = index / Places.Count;
        var north = rank / 10 * SpacingMetres;
        var east = rank % 10 * SpacingMetres;
        var frame = new Airframe.LocalFrame(new(home.Lat, home.Lon), home.Alt);
        return new(frame.ToGeo(new(north, east, 0)), home.Alt, home.Heading);
    }

    /// <summary>Parameters of a vehicle that are not at their defaults. As delivered the autopilot ignores a lost link and a low battery, and nobody sends it off like that.</summary>
    public IEnumerable<KeyValuePair<string, float>> InitialParameters()
    {
        yield return new("FS_GCS_ENABLE", 1);
        yield return new("BATT_FS_LOW_ACT", 2);
        if (Wind is { } wind)
        {
            yield return new("SIM_WIND_SPD", (float)wind.Speed);
            yield return new("SIM_WIND_DIR", (float)wind.Direction);
            yield return new("SIM_WIND_TURB", (float)wind.Turbulence);
        }

        foreach (var parameter in Parameters ?? new Dictionary<string, float>())
            yield return parameter;
    }
}

/// <summary>A scenario that cannot be simulated; the message is one line for the user.</summary>
internal sealed class ScenarioException(string message) : Exception(message);

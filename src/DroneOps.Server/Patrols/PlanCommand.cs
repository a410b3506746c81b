using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Serialization;
using DroneOps.Server.Airspace;
using DroneOps.Server.Cli;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Patrols;

/// <summary><c>droneops plan</c>: plans a route, or takes one from a file, checks it and writes it for a ground station; without a server and
/// without a network. Exit code 1 says that it must not be flown, and then nothing is written.</summary>
internal static class PlanCommand
{
    private static readonly JsonSerializerOptions Json = new(CommonOptions.Written) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static Command Create()
    {
        var options = new PlanOptions();
        var command = new Command("plan", "Plan a route or check one, offline: length, time, energy, and whether it may be flown");
        foreach (var option in options.All)
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = CommonOptions.Settings(parsed, options.Set, options.Data);
            var ground = CommonOptions.Read<AirspaceOptions>("Airspace", settings);
            var order = PlanOrder.Read(parsed, options, TimeProvider.System.GetUtcNow());
            var isStoreNamed = settings.Keys.Any(key => key.StartsWith($"{OptionAreas.Root}:Storage:", StringComparison.OrdinalIgnoreCase));
            var airspace = isStoreNamed
                ? await DrawnInAsync(CommonOptions.Read<StorageOptions>("Storage", settings), cancellation)
                : LibraryFiles.ReadAll(ground.LibraryPath, ground.City, order.At);
            var notes = new List<FindingView>();
            var planned = order.Plan(airspace, ground.City, notes);
            var written = planned.Report.IsFlyable ? await WriteAsync(order, planned, cancellation) : [];
            Console.WriteLine(parsed.GetValue(options.Json)
                ? JsonSerializer.Serialize(PlanReport.Of(planned, notes, written), Json)
                : PlanReport.Of(planned, notes, written).ToText());
            return planned.Report.IsFlyable ? Terminal.Ok : Terminal.Wrong;
        });
        return command;
    }

    /// <summary>What people have drawn, from the database of a server that may be running.</summary>
    private static async Task<AirspaceSnapshot> DrawnInAsync(StorageOptions storage, CancellationToken cancellation)
    {
        if (storage.Provider == StorageProvider.Sqlite && !File.Exists(DataFolder.DatabaseFileIn(Path.GetFullPath(storage.DataFolder))))
            throw new StartupException($"There is no database in the data folder {storage.DataFolder}.");
        await using var db = StorageModule.Open(storage);
        return AirspaceSnapshot.Of(await db.Set<Feature>().AsNoTracking().ToListAsync(cancellation));
    }

    private static async Task<IReadOnlyList<string>> WriteAsync(PlanOrder order, CheckedRoute planned, CancellationToken cancellation)
    {
        if (order.Files.Count == 0)
            return [];
        var compiled = RouteFiles.Compile(planned, order.Dialect);
        if (!compiled.TryGet(out var mission))
            throw new StartupException($"The route cannot be written: {string.Join(" ", compiled.Faults.Select(fault => fault.Message))}");
        foreach (var file in order.Files)
        {
            try
            {
                await File.WriteAllBytesAsync(file, RouteFiles.FormOf(file)!.Write(planned, mission, order.Dialect), cancellation);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new StartupException($"{file} cannot be written: {problem.Message}", problem);
            }
        }

        return order.Files;
    }
}

/// <summary>What <c>droneops plan</c> can be told.</summary>
internal sealed class PlanOptions
{
    public Option<string?> Area { get; } = new("--area") { Description = "The area to cover: its id in the library (old-city) or a GeoJSON file with a Polygon", HelpName = "ID|FILE" };

    public Option<string?> Corridor { get; } = new("--corridor") { Description = "The line to follow: its id in the library (riverside) or a GeoJSON file with a LineString", HelpName = "ID|FILE" };

    public Option<string[]> Sites { get; } = new("--sites") { Description = "Key sites to visit, by id", HelpName = "ID,ID,...", AllowMultipleArgumentsPerToken = true };

    public Option<string?> Route { get; } = new("--route") { Description = "A route to check instead: a .plan, .waypoints or .kml file", HelpName = "FILE" };

    public Option<Pattern?> Pattern { get; } = new("--pattern") { Description = "lawnmower, corridor or sites (default: the one that fits)", HelpName = "PATTERN", CustomParser = PatternOf };

    public Option<double?> Height { get; } = Number("--height", "M", "Height above the launch point (default: the area's own, else 60)");

    public Option<double?> Speed { get; } = Number("--speed", "MPS", "Speed over ground (default: 8)");

    public Option<double?> Spacing { get; } = Number("--spacing", "M", "Between neighbouring passes (default: 120)");

    public Option<double?> Direction { get; } = Number("--direction", "DEG", "Of the passes, clockwise from true north (default: the fastest)");

    public Option<double?> Width { get; } = Number("--width", "M", "Whole width of a corridor (default: its own)");

    public Option<double?> OrbitRadius { get; } = Number("--orbit-radius", "M", "Of the circles around sites (default: each site's own)");

    public Option<string?> From { get; } = new("--from") { Description = "Where it takes off and lands: a dock's id, or a place (default: the nearest dock)", HelpName = "ID|LON,LAT[,AMSL_M]" };

    public Option<double?> Battery { get; } = Number("--battery", "PERCENT", "Charge at lift-off (default: 100)");

    public Option<string?> At { get; } = new("--at") { Description = "When it is flown, for zones with hours; RFC 3339 (default: now)", HelpName = "TIME" };

    public Option<string> Autopilot { get; } = new("--autopilot") { Description = "Whose way of writing a mission: ardupilot or px4", HelpName = "NAME", DefaultValueFactory = _ => "ardupilot" };

    public Option<string[]> Out { get; } = new("--out") { Description = "Write the route: .plan, .waypoints, .kml or .geojson; may be given several times", HelpName = "FILE" };

    public Option<string?> Data { get; } = new("--data") { Description = "Take areas, zones, docks and sites from a server's data folder instead of the library", HelpName = "DIR" };

    public Option<string[]> Set { get; } = CommonOptions.Set();

    public Option<bool> Json { get; } = CommonOptions.Json();

    public IEnumerable<Option> All => [Area, Corridor, Sites, Route, Pattern, Height, Speed, Spacing, Direction, Width, OrbitRadius, From, Battery, At, Autopilot, Out, Data, Set, Json];

    private static Pattern? PatternOf(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Enum.GetNames<Pattern>().Contains(text, StringComparer.OrdinalIgnoreCase))
            return Enum.Parse<Pattern>(text, ignoreCase: true);
        result.AddError($"--pattern is lawnmower, corridor or sites, not '{text}'.");
        return null;
    }

    private static Option<double?> Number(string name, string unit, string description) => new(name) { Description = description, HelpName = unit };
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Items;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;
using Route = DroneOps.Missions.Route;

namespace DroneOps.Server.Patrols;

/// <summary>What <c>droneops plan</c> was told, before the map is looked at. What cannot be is a <see cref="StartupException"/> with one line.</summary>
internal sealed class PlanOrder
{
    private const double UsualHeightM = 60;
    private const double UsualSpeedMps = 8;
    private const double UsualSpacingM = 120;

    private readonly ParseResult _parsed;
    private readonly PlanOptions _options;
    private readonly Pattern? _pattern;
    private readonly string? _from;

    private PlanOrder(ParseResult parsed, PlanOptions options, Pattern? pattern, DateTimeOffset at, MissionDialect dialect)
    {
        _parsed = parsed;
        _options = options;
        _pattern = pattern;
        _from = parsed.GetValue(options.From);
        At = at;
        Dialect = dialect;
        Files = parsed.GetValue(options.Out) ?? [];
    }

    public DateTimeOffset At { get; }

    public MissionDialect Dialect { get; }

    /// <summary>The files to write; each has a form.</summary>
    public IReadOnlyList<string> Files { get; }

    public static PlanOrder Read(ParseResult parsed, PlanOptions options, DateTimeOffset now)
    {
        (string Name, Pattern? Fits)[] given =
        [
            .. new (string Name, Pattern? Fits, bool IsGiven)[]
            {
                ("--area", Pattern.Lawnmower, parsed.GetValue(options.Area) is not null),
                ("--corridor", Pattern.Corridor, parsed.GetValue(options.Corridor) is not null),
                ("--sites", Pattern.Sites, parsed.GetValue(options.Sites) is { Length: > 0 }),
                ("--route", null, parsed.GetValue(options.Route) is not null),
            }.Where(source => source.IsGiven).Select(source => (source.Name, source.Fits)),
        ];
        if (given is not [var source])
            throw new StartupException("Say what to plan with one of --area, --corridor, --sites or --route (see droneops plan --help).");
        if (parsed.GetValue(options.Pattern) is { } pattern && pattern != source.Fits)
            throw new StartupException($"The pattern {pattern.ToString().ToLowerInvariant()} does not fit {source.Name}.");
        var at = now;
        if (parsed.GetValue(options.At) is { } text && !Rfc3339.TryParse(text, out at))
            throw new StartupException($"--at wants a time such as 2026-05-01T08:00:00+08:00, not '{text}'.");
        if (parsed.GetValue(options.Battery) is not (null or (> 0 and <= 100)))
            throw new StartupException("--battery is more than 0 and at most 100.");
        if ((parsed.GetValue(options.Out) ?? []).FirstOrDefault(file => RouteFiles.FormOf(file) is null) is { } odd)
            throw new StartupException($"--out writes {string.Join(", ", RouteFiles.Forms.Keys.Select(form => $".{form}"))}, not '{odd}'.");
        return new PlanOrder(parsed, options, source.Fits, at, parsed.GetValue(options.Autopilot) switch
        {
            "ardupilot" => MissionDialect.ArduPilotCopter,
            "px4" => MissionDialect.Px4,
            var other => throw new StartupException($"--autopilot is ardupilot or px4, not '{other}'."),
        });
    }

    /// <summary>Plans or reads the route and checks it.</summary>
    /// <param name="notes">Gets what a file held and was not taken over.</param>
    public CheckedRoute Plan(AirspaceSnapshot airspace, Envelope city, List<FindingView> notes)
    {
        var table = new PlanningTable(airspace, city, At);
        var (home, battery) = (Launch(airspace, city), Number(_options.Battery, PlanningTable.FullBattery));
        if (_pattern is not { } pattern)
            return table.Check(FromFile(_parsed.GetValue(_options.Route)!, notes), home, RoutePlanner.Airframe, battery);
        var faults = new List<Fault>();
        var (name, request) = Request(pattern, airspace);
        return table.Plan(name, request, home, battery, faults) ?? throw Refused(faults);
    }

    private (string Name, PatternRequest Request) Request(Pattern pattern, AirspaceSnapshot airspace)
    {
        if (pattern == Pattern.Sites)
        {
            var ids = _parsed.GetValue(_options.Sites)!.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(id => Find(airspace.KeySites, id)?.Id ?? throw new StartupException($"There is no key site '{id}'.")).ToList();
            return (string.Join(", ", ids), new(pattern, null, null, null, ids, Settings(null)));
        }

        var text = _parsed.GetValue(pattern == Pattern.Lawnmower ? _options.Area : _options.Corridor)!;
        if (Find(airspace.Areas, text) is { } area)
        {
            if (area.Shape is LineString != (pattern == Pattern.Corridor))
                throw new StartupException(area.Shape is LineString ? $"'{text}' is a line: follow it with --corridor." : $"'{text}' is an area: cover it with --area.");
            return (area.Properties.NameEn, new(pattern, area.Id, null, null, null, Settings(area.Properties.HeightAboveHomeM)));
        }

        var shape = ShapeIn(text);
        return (Path.GetFileNameWithoutExtension(text), new(
            pattern, null, pattern == Pattern.Lawnmower ? shape : null, pattern == Pattern.Corridor ? shape : null, null, Settings(null)));
    }

    private PatternSettings Settings(double? usualHeightM) => new(
        Number(_options.Height, usualHeightM ?? UsualHeightM), Number(_options.Speed, UsualSpeedMps), Number(_options.Spacing, UsualSpacingM),
        _parsed.GetValue(_options.Direction), Number(_options.Width, 0), Number(_options.OrbitRadius, 0));

    private LaunchPoint? Launch(AirspaceSnapshot airspace, Envelope city)
    {
        if (_from is not { } text)
            return null;
        if (Find(airspace.Docks, text) is { } dock)
            return new(dock.Centre(), dock.Properties.PadAmslM);
        double[] numbers = [.. text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN)];
        if (numbers is not ([_, _] or [_, _, _]) || numbers.Any(double.IsNaN))
            throw new StartupException($"--from: there is no dock '{text}', and it is not LON,LAT or LON,LAT,AMSL_M.");
        if (!city.Contains(numbers[0], numbers[1]))
            throw new StartupException($"--from: {text} lies outside the city; longitude comes first.");
        return new(new GeoPoint(numbers[1], numbers[0]), numbers.Length == 3 ? numbers[2] : 0);
    }

    private static Route FromFile(string path, List<FindingView> notes)
    {
        var faults = new List<InputFault>();
        return RouteFiles.Read(path, Path.GetFileNameWithoutExtension(path), TextOf(path), faults, notes)
            ?? throw new StartupException($"{path}: {string.Join(" ", faults.Select(fault => fault.ToString()))}");
    }

    /// <summary>The geometry of a GeoJSON file: a bare one, a feature's, or that of the only feature in a collection.</summary>
    private static JsonElement ShapeIn(string path)
    {
        if (!File.Exists(path))
            throw new StartupException($"There is no area '{path}' on the map, and no such file.");
        try
        {
            var root = JsonElement.Parse(TextOf(path));
            return root.GetProperty("type").GetString() switch
            {
                "FeatureCollection" when root.GetProperty("features") is var features && features.GetArrayLength() == 1 => features[0].GetProperty("geometry"),
                "FeatureCollection" => throw new StartupException($"{path} holds {root.GetProperty("features").GetArrayLength()} features; one is needed."),
                "Feature" => root.GetProperty("geometry"),
                _ => root,
            };
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new StartupException($"{path} is not GeoJSON: {problem.Message}", problem);
        }
    }

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{path} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>By id or name, however the words are joined: <c>oldCity</c> is <c>old-city</c>.</summary>
    private static Place<TProperties>? Find<TProperties>(IEnumerable<Place<TProperties>> places, string text)
        where TProperties : FeatureProperties =>
        places.FirstOrDefault(place => Fold(place.Id) == Fold(text) || Fold(place.Properties.NameEn) == Fold(text) || place.Properties.NameZh == text);

    private static string Fold(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static StartupException Refused(List<Fault> faults) => new(string.Join(" ", faults.Select(fault => $"{OptionOf(fault.Pointer)}: {fault.Detail}")));

    private static string OptionOf(string pointer) => pointer switch
    {
        "#/settings/spacingM" => "--spacing",
        "#/settings/speedMps" => "--speed",
        "#/settings/directionDeg" => "--direction",
        "#/settings/altitudeAboveHomeM" => "--height",
        "#/settings/widthM" => "--width",
        "#/areaId" => "the shape",
        _ => pointer,
    };

    private double Number(Option<double?> option, double usual) => _parsed.GetValue(option) ?? usual;
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary>A kind of drawn thing: its names, the geometry it may have, and the type of its properties.</summary>
internal sealed class FeatureKind
{
    public static readonly FeatureKind Areas = new("areas", "area", "areas", typeof(AreaProperties), "Polygon", "LineString");
    public static readonly FeatureKind Zones = new("zones", "zone", "zones", typeof(ZoneProperties), "Polygon");
    public static readonly FeatureKind Docks = new("docks", "dock", "docks", typeof(DockProperties), "Point");
    public static readonly FeatureKind Grids = new("grids", "grid", "grids", typeof(GridProperties), "Polygon");
    public static readonly FeatureKind KeySites = new("keySites", "key site", "key-sites", typeof(KeySiteProperties), "Point");
    public static readonly FeatureKind SupportPoints = new("supportPoints", "support point", "support-points", typeof(SupportPointProperties), "Point");
    public static readonly FeatureKind Approvals = new("approvals", "approval", "approvals", typeof(ApprovalProperties), "Polygon");

    public static readonly IReadOnlyList<FeatureKind> All = [Areas, Zones, Docks, Grids, KeySites, SupportPoints, Approvals];

    // Unlike the rest of the API, values keep the capitals of the library's files (KeepOut, City).
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(null, allowIntegerValues: false), new HourMinute() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Type _properties;

    private FeatureKind(string name, string singular, string file, Type properties, params string[] geometries)
    {
        Name = name;
        Singular = singular;
        LibraryFile = file + ".geojson";
        _properties = properties;
        Geometries = geometries;
    }

    /// <summary>The name in paths and rows.</summary>
    public string Name { get; }

    /// <summary>One of them, in a sentence.</summary>
    public string Singular { get; }

    /// <summary>The file of ready-made ones.</summary>
    public string LibraryFile { get; }

    /// <summary>GeoJSON types it may have.</summary>
    public IReadOnlyList<string> Geometries { get; }

    /// <summary>Reads and checks properties that someone sent.</summary>
    /// <param name="sent">The <c>properties</c> member.</param>
    /// <param name="shape">The feature's geometry, for the rules that need both.</param>
    /// <param name="faults">Gets what is wrong.</param>
    public FeatureProperties? Check(JsonElement sent, Geometry shape, List<Fault> faults)
    {
        FeatureProperties? properties;
        try
        {
            properties = (FeatureProperties?)sent.Deserialize(_properties, Json);
        }
        catch (JsonException problem)
        {
            faults.Add(JsonFaults.Of(problem, "#/properties"));
            return null;
        }

        if (properties is null)
        {
            faults.Add(new Fault("#/properties", "properties are needed."));
            return null;
        }

        var before = faults.Count;
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(properties, new ValidationContext(properties), results, validateAllProperties: true);
        faults.AddRange(results.Select(result => new Fault(
            "#/properties/" + JsonNamingPolicy.CamelCase.ConvertName(result.MemberNames.FirstOrDefault() ?? ""), result.ErrorMessage ?? "It is not valid.")));
        faults.AddRange(properties.Check(shape));
        return faults.Count == before ? properties : null;
    }

    /// <summary>Properties as they are kept.</summary>
    public static string Write(FeatureProperties properties) => JsonSerializer.Serialize(properties, properties.GetType(), Json);

    /// <summary>Properties that were kept.</summary>
    public static TProperties Read<TProperties>(string kept)
        where TProperties : FeatureProperties => JsonSerializer.Deserialize<TProperties>(kept, Json)!;

    private sealed class HourMinute : JsonConverter<TimeOnly>
    {
        public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeOnly.TryParseExact(reader.GetString(), "HH:mm", out var time) ? time : throw new JsonException("A time of day is HH:mm.");

        public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture));
    }
}

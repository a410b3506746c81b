using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Zones;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary>The properties every drawn thing has. The JSON shapes are those of <c>missions/library/schema</c>.</summary>
internal abstract record FeatureProperties
{
    [Required, StringLength(200), JsonPropertyOrder(-2)]
    public required string NameZh { get; init; }

    [Required, StringLength(200), JsonPropertyOrder(-1)]
    public required string NameEn { get; init; }

    /// <summary>Rules that annotations cannot say; pointers are below <c>#/properties</c>.</summary>
    public virtual IEnumerable<Fault> Check(Geometry shape) => [];

    protected static IEnumerable<Fault> OfShape(IReadOnlyList<InputFault> faults) => faults.Select(fault => new Fault("#/geometry", fault.Message));

    protected static Fault At(string property, string detail) => new($"#/properties/{property}", detail);
}

/// <summary>The four patrol tiers.</summary>
internal enum PatrolTier
{
    City,
    County,
    Township,
    Community,
}

/// <summary>OldCity and Riverside are the two areas of routine aerial patrol.</summary>
internal enum AreaKind
{
    OldCity,
    Riverside,
    Area,
    Corridor,
}

/// <summary>A patrol area (polygon) or corridor (line with a width).</summary>
internal sealed record AreaProperties : FeatureProperties
{
    public required AreaKind Kind { get; init; }

    public required PatrolTier Tier { get; init; }

    /// <summary>Usual height of patrol above home, metres.</summary>
    [Range(10.0, 120.0)]
    public required double HeightAboveHomeM { get; init; }

    /// <summary>Whole width of a corridor, metres; for lines only.</summary>
    [Range(10.0, 1000.0)]
    public double? WidthM { get; init; }

    /// <summary>For reading only; the ring counts.</summary>
    [Range(0.0, 100_000.0)]
    public double? AreaKm2 { get; init; }

    public override IEnumerable<Fault> Check(Geometry shape)
    {
        if (shape is LineString != WidthM is not null)
        {
            return [At("widthM", "A corridor is a line and has a widthM; an area is a polygon and has none.")];
        }

        return shape switch
        {
            Polygon polygon => OfShape(Drawn.ToArea(polygon).Faults),
            LineString line => OfShape(Drawn.ToCorridor(line, WidthM ?? 0).Faults),
            _ => [],
        };
    }
}

/// <summary>Airspace with a rule: outline, heights, hours.</summary>
internal sealed record ZoneProperties : FeatureProperties
{
    public required ZoneEffect Effect { get; init; }

    /// <summary>Lower limit in <see cref="HeightDatum"/>, metres.</summary>
    [Range(-500.0, 10_000.0)]
    public required double FloorM { get; init; }

    /// <summary>Upper limit in <see cref="HeightDatum"/>, metres.</summary>
    [Range(-500.0, 10_000.0)]
    public required double CeilingM { get; init; }

    public required AltitudeDatum HeightDatum { get; init; }

    public string? ReasonZh { get; init; }

    public string? ReasonEn { get; init; }

    public string? LegalBasisZh { get; init; }

    public string? LegalBasisEn { get; init; }

    /// <summary>When it is in force; null means always.</summary>
    public ZoneHours? Window { get; init; }

    public override IEnumerable<Fault> Check(Geometry shape)
    {
        foreach (var fault in shape is Polygon polygon ? OfShape(Drawn.ToZoneShape(polygon).Faults) : [])
        {
            yield return fault;
        }

        if (CeilingM <= FloorM)
        {
            yield return At("ceilingM", "ceilingM must be above floorM.");
        }

        if (Window is { } window)
        {
            if (window.Days.Count == 0)
            {
                yield return At("window/days", "A window names at least one day.");
            }

            if (!TimeZoneInfo.TryFindSystemTimeZoneById(window.TimeZone, out _))
            {
                yield return At("window/timeZone", $"There is no time zone '{window.TimeZone}'; use an IANA name such as Asia/Shanghai.");
            }
        }
    }
}

/// <summary>Weekly hours on a wall clock; past midnight when <paramref name="To"/> is not after <paramref name="From"/>.</summary>
internal sealed record ZoneHours(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To, string TimeZone);

/// <summary>A station that stores, charges and launches.</summary>
internal sealed record DockProperties : FeatureProperties
{
    [Required, StringLength(20)]
    public required string CallSign { get; init; }

    [Range(1, 64)]
    public required int Pads { get; init; }

    /// <summary>Ground at the foot of the building, metres above mean sea level.</summary>
    [Range(-500.0, 6000.0)]
    public required double GroundAmslM { get; init; }

    /// <summary>Pad above that ground, metres.</summary>
    [Range(0.0, 600.0)]
    public required double RoofHeightAglM { get; init; }

    /// <summary>Pad above mean sea level, metres: the home height of a drone that starts here.</summary>
    [Range(-500.0, 6600.0)]
    public required double PadAmslM { get; init; }

    /// <summary>Heading of a drone on the pad, degrees from true north.</summary>
    [Range(0.0, 360.0)]
    public required double HeadingDeg { get; init; }

    /// <summary>MAVLink system id of the simulated drone that lives here in the demo.</summary>
    [Range(1, 250)]
    public int? DemoSystemId { get; init; }

    public override IEnumerable<Fault> Check(Geometry shape)
    {
        // Half a metre: the three are rounded where they are typed in.
        if (Math.Abs(GroundAmslM + RoofHeightAglM - PadAmslM) > 0.5)
        {
            yield return At("padAmslM", "padAmslM must be groundAmslM plus roofHeightAglM.");
        }
    }
}

/// <summary>A patrol grid cell and the unit that holds it.</summary>
internal sealed record GridProperties : FeatureProperties
{
    public required PatrolTier Tier { get; init; }

    [Required, StringLength(20)]
    public required string UnitCallSign { get; init; }

    public string? DistrictZh { get; init; }

    public string? DistrictEn { get; init; }

    /// <summary>For reading only; the ring counts.</summary>
    [Range(0.0, 100_000.0)]
    public double? AreaKm2 { get; init; }
}

/// <summary>A place to guard.</summary>
internal sealed record KeySiteProperties : FeatureProperties
{
    /// <summary>What it is, such as School or Bridge.</summary>
    [Required, RegularExpression("[A-Z][A-Za-z]{1,39}", ErrorMessage = "kind is one capitalised word, such as School.")]
    public required string Kind { get; init; }

    /// <summary>1 is the highest.</summary>
    [Range(1, 3)]
    public required int Priority { get; init; }

    /// <summary>Least horizontal distance of an aircraft, metres.</summary>
    [Range(0.0, 500.0)]
    public required double StandOffM { get; init; }

    /// <summary>Radius of the usual orbit, metres.</summary>
    [Range(20.0, 500.0)]
    public required double OrbitRadiusM { get; init; }

    /// <summary>Height of the usual orbit above home, metres.</summary>
    [Range(20.0, 120.0)]
    public required double OrbitHeightM { get; init; }

    /// <summary>The keep-out zone the site lies in; the orbit then passes outside it.</summary>
    public string? InsideKeepOut { get; init; }

    public override IEnumerable<Fault> Check(Geometry shape)
    {
        if (OrbitRadiusM < StandOffM)
        {
            yield return At("orbitRadiusM", "The orbit must not be nearer than standOffM.");
        }
    }
}

/// <summary>A joint-response point.</summary>
internal sealed record SupportPointProperties : FeatureProperties
{
    public required PatrolTier Tier { get; init; }
}

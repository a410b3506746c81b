using System.Collections.Immutable;
using DroneOps.Missions.Zones;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary>A drawn thing with its typed properties.</summary>
internal sealed record Place<TProperties>(string Id, TProperties Properties, Geometry Shape)
    where TProperties : FeatureProperties;

/// <summary>Everything that is drawn, at one moment; immutable, safe to hold during a calculation.</summary>
internal sealed record AirspaceSnapshot
{
    public static readonly AirspaceSnapshot Empty = new();

    public ImmutableArray<Place<AreaProperties>> Areas { get; private init; } = [];

    public ImmutableArray<Place<ZoneProperties>> Zones { get; private init; } = [];

    public ImmutableArray<Place<DockProperties>> Docks { get; private init; } = [];

    public ImmutableArray<Place<GridProperties>> Grids { get; private init; } = [];

    public ImmutableArray<Place<KeySiteProperties>> KeySites { get; private init; } = [];

    public ImmutableArray<Place<SupportPointProperties>> SupportPoints { get; private init; } = [];

    public ImmutableArray<Place<ApprovalProperties>> Approvals { get; private init; } = [];

    private ImmutableArray<(Place<ZoneProperties> Zone, ZoneShape Shape)> ZoneShapes { get; init; } = [];

    /// <summary>The zones that hold at some instant from <paramref name="from"/> to <paramref name="to"/>, as the planner takes them.</summary>
    public ImmutableArray<GeoZone> ZonesDuring(DateTimeOffset from, DateTimeOffset to) =>
        [.. ZoneShapes.Select(zone => zone.Zone.Holding(zone.Shape, from, to)).OfType<GeoZone>()];

    /// <summary>Builds it from the rows.</summary>
    public static AirspaceSnapshot Of(IEnumerable<Feature> rows)
    {
        var kinds = rows.OrderBy(row => row.Id, StringComparer.Ordinal).ToLookup(row => row.Kind);
        var zones = Typed<ZoneProperties>(kinds, FeatureKind.Zones);
        return new AirspaceSnapshot
        {
            Areas = Typed<AreaProperties>(kinds, FeatureKind.Areas),
            Zones = zones,
            ZoneShapes = [.. zones.Select(zone => (zone, Drawn.ToZoneShape((Polygon)zone.Shape).Value))],
            Docks = Typed<DockProperties>(kinds, FeatureKind.Docks),
            Grids = Typed<GridProperties>(kinds, FeatureKind.Grids),
            KeySites = Typed<KeySiteProperties>(kinds, FeatureKind.KeySites),
            SupportPoints = Typed<SupportPointProperties>(kinds, FeatureKind.SupportPoints),
            Approvals = Typed<ApprovalProperties>(kinds, FeatureKind.Approvals),
        };
    }

    private static ImmutableArray<Place<TProperties>> Typed<TProperties>(ILookup<string, Feature> rows, FeatureKind kind)
        where TProperties : FeatureProperties =>
        [.. rows[kind.Name].Select(row => new Place<TProperties>(row.Id, FeatureKind.Read<TProperties>(row.Properties), row.Shape))];
}

using DroneOps.Server.Api;

namespace DroneOps.Server.Airspace;

/// <summary>What is drawn on the map: areas, zones, docks, grids, key sites, support points, approvals, and the gazetteer. Upper
/// slices read <see cref="AirspaceBook"/>.</summary>
internal static class AirspaceModule
{
    public static void AddAirspace(this WebApplicationBuilder builder)
    {
        var options = builder.AddArea<AirspaceOptions>("Airspace");
        var library = new LibraryFolder(options.LibraryPath);
        builder.Services.AddSingleton(library);
        var map = builder.AddArea<MapOptions>("Map");
        builder.Services.AddSingleton(ShowMapConfig.Sources(map));
        builder.Services.AddSingleton(new TileSource(map.TilesFile is { Length: > 0 } file ? TileFile.Open(file) : null));
        builder.Services.AddSingleton<AirspaceBook>();
        builder.Services.AddSingleton(_ => Gazetteer.Load(Path.Combine(library.Path, Gazetteer.FileName)));
        builder.Services.AddHostedService<LibrarySeed>();
    }

    public static void MapAirspace(this IEndpointRouteBuilder app)
    {
        foreach (var kind in FeatureKind.All)
        {
            var group = app.MapApiGroup($"/{kind.Name}", "Airspace");
            ListFeatures.Map(group, kind);
            ShowFeature.Map(group, kind);
            CreateFeature.Map(group, kind);
            ReplaceFeature.Map(group, kind);
            DeleteFeature.Map(group, kind);
        }

        FindAddresses.Map(app.MapApiGroup("/addresses", "Airspace"));
        ShowMapConfig.Map(app.MapApiGroup("/map", "Map"));
        ShowBaseMap.Map(app);
        ShowTiles.Map(app);
    }
}

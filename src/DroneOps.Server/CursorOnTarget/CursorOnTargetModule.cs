namespace DroneOps.Server.CursorOnTarget;

/// <summary>Live positions for TAK clients (ATAK, WinTAK, iTAK) as Cursor on Target events: to a TAK server, or to clients that come to us.
/// Nothing is taken in: what others send is counted and passed over.</summary>
internal static class CursorOnTargetModule
{
    public static void AddCursorOnTarget(this WebApplicationBuilder builder)
    {
        var options = builder.AddArea<CursorOnTargetOptions>("CursorOnTarget");
        builder.Services.AddSingleton<CotFigures>();
        builder.Services.AddSingleton<CotPicture>();
        builder.Services.AddSingleton<CotVisits>();
        builder.Services.AddSingleton<CotListening>();
        builder.Services.AddHostedService<CotMetrics>();
        if (options.Outputs.Count == 0 && options.Listeners.Count == 0)
            return;
        builder.Services.AddHostedService(services => services.GetRequiredService<CotPicture>());
        builder.Services.AddHostedService(services => services.GetRequiredService<CotListening>());
        builder.Services.AddHostedService<CotCalling>();
    }
}

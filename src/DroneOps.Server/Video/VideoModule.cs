using DroneOps.Server.Api;
using DroneOps.Server.Video.Hls;
using DroneOps.Server.Video.Recording;
using DroneOps.Server.Video.Rtsp;

namespace DroneOps.Server.Video;

/// <summary>What the drones see: taken in from their cameras, handed live to any number of viewers.</summary>
internal static class VideoModule
{
    public static void AddVideo(this WebApplicationBuilder builder)
    {
        builder.AddArea<VideoOptions>("Video");
        builder.Services.AddSingleton<VideoStreams>();
        builder.Services.AddSingleton<FirstPictures>();
        builder.Services.AddSingleton<CameraViews>();
        builder.Services.AddSingleton<FfmpegOrphans>();
        builder.Services.AddSingleton<VideoAudience>();
        builder.Services.AddSingleton<Transcodings>();
        builder.Services.AddSingleton<LiveShowing>();
        builder.Services.AddHostedService<VideoMetrics>();
        builder.Services.AddSingleton<StillPictures>();
        builder.AddRecording();
        builder.Services.AddHostedService<VideoSources>();
        builder.Services.AddHostedService(services => services.GetRequiredService<VideoAudience>());
        builder.AddRtsp();
        builder.Services.AddSingleton<HlsShelf>();
        builder.Services.AddSingleton<HlsViewings>();
        builder.Services.AddHostedService(services => services.GetRequiredService<HlsViewings>());
    }

    public static void MapVideo(this IEndpointRouteBuilder app)
    {
        var streams = app.MapApiGroup("/video/streams", "Video").RequireAuthorization(Policies.Read);
        ListStreams.Map(streams);
        WatchLive.Map(streams);
        TakeStill.Map(streams);
        ServeHls.Map(streams);
        app.MapRecording(streams);
    }
}

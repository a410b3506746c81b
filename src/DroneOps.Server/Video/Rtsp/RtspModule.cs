namespace DroneOps.Server.Video.Rtsp;

/// <summary>Live pictures by RTSP (RFC 2326), for the command platform's wall and for players. Off unless a port is named.</summary>
internal static class RtspModule
{
    public static void AddRtsp(this WebApplicationBuilder builder)
    {
        builder.AddArea<RtspOptions>("Rtsp");
        builder.Services.AddSingleton<RtspAdmission>();
        builder.Services.AddSingleton<RtspViewings>();
        builder.Services.AddSingleton<RtspListening>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RtspListening>());
    }
}

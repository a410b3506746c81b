using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video.Recording;

/// <summary>What is recorded of the streams, and what may be done with it.</summary>
internal static class RecordingModule
{
    public static void AddRecording(this WebApplicationBuilder builder)
    {
        builder.AddArea<RecordingOptions>("Recording");
        builder.Services.AddSingleton(KeptStore.ByClass("recordings", RetentionDesk.DeletedAction));
        builder.Services.AddSingleton(services => new RecordingShelf(services.GetRequiredService<DataFolder>().Sub(Path.Combine("video", "recordings"))));
        builder.Services.AddSingleton(services => new DiskRoom(services.GetRequiredService<RecordingShelf>().Root, services.GetRequiredService<IOptions<RecordingOptions>>().Value));
        builder.Services.AddSingleton<RecordingBook>();
        builder.Services.AddSingleton(services => new RetentionSchedule(services.GetRequiredService<IOptions<RecordingOptions>>().Value));
        builder.Services.AddSingleton<RetentionDesk>();
        builder.Services.AddSingleton<RecordingLooks>();
        builder.Services.AddSingleton<RecordingThumbnails>();
        builder.Services.AddSingleton<PictureMasking>();
        builder.Services.AddSingleton<RecordingDesk>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RecordingDesk>());
        builder.Services.AddHostedService<RetentionKeeper>();
        builder.Services.AddHostedService<RecordingTracks>();
    }

    public static void MapRecording(this IEndpointRouteBuilder app, RouteGroupBuilder streams)
    {
        OrderRecording.Map(streams);
        var recordings = app.MapApiGroup("/video/recordings", "Video").RequireAuthorization(Policies.Read);
        ListRecordings.Map(recordings);
        PlayRecording.Map(recordings);
        VerifyRecording.Map(recordings);
        MarkRecording.Map(recordings);
        KeepRecording.Map(recordings);
        CutClip.Map(recordings);
        MaskClip.Map(recordings);
        KeepStill.Map(recordings);
        ShowStill.Map(recordings);
        PlayWhole.Map(recordings);
        ShowThumbnail.Map(recordings);
        ExportRecording.Map(recordings);
    }
}

using DroneOps.Media;
using DroneOps.Server.Audit;
using DroneOps.Server.Video;
using DroneOps.Server.Video.Recording;
using DroneOps.Tests.Media.Mp4;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Video;

/// <summary>A recorder in a process of its own, on real pictures at 25 a second; it says the number of each picture as it hands it over.</summary>
internal static class RecorderHost
{
    public static readonly RecordingOptions Options = new() { SegmentS = 2, LeastFreeGB = 0 };

    public static AuditLog OpenAudit(string folder) =>
        AuditLog.Open(Path.Combine(folder, "audit"), Path.Combine(folder, "keys", "key.pem"), TimeProvider.System, _ => { }, NullLogger<AuditLog>.Instance);

    public static string PathOf(string folder) => Path.Combine(folder, "video", "recording");

    public static RecordingFolder Create(string folder, TimeProvider time) => RecordingFolder.Create(
        PathOf(folder), new(RecordingIdentity.Current, Guid.CreateVersion7(time.GetUtcNow()), "1-visible", "1", time.GetUtcNow(), "user:pilot", null));

    public static StreamRecorder Recorder(RecordingFolder folder, LiveStream stream, AuditLog audit, TimeProvider time) =>
        new(folder, stream, Options, new RecordingBook(audit), new DiskRoom(folder.Path, Options), time, NullLogger<StreamRecorder>.Instance);

    /// <summary>Real pictures: the same four seconds again and again, on one clock.</summary>
    public static IEnumerable<Picture> Pictures(DateTimeOffset begin)
    {
        var file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "mp4", "h264-single.mp4"));
        var format = Mp4Pictures.FormatOf(Mp4Pictures.Index(file));
        for (long round = 0; ; round++)
        {
            foreach (var picture in Mp4Pictures.Read(file, round * 4 * Picture.Clock, begin.AddSeconds(round * 4)))
            {
                using (picture)
                {
                    var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(picture.Data.Length);
                    picture.Data.Span.CopyTo(buffer);

                    // One format for all, as a source that does not change gives it.
                    yield return new Picture(format, buffer, picture.Data.Length) { Pts = picture.Pts, Dts = picture.Dts, IsKey = picture.IsKey, ReceivedAt = picture.ReceivedAt };
                }
            }
        }
    }

    /// <summary>Lets time pass without a picture until so many files are closed and the open one has all that it was given.</summary>
    public static async Task WrittenAsync(RecordingFolder folder, FakeTimeProvider time, int files, TimeSpan length)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (folder.Segments != files || folder.Growing?.Length != length)
        {
            limit.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromMilliseconds(Options.PartMs));
            await Task.Yield();
        }
    }

    public static async Task<int> RunAsync(string folder)
    {
        var time = TimeProvider.System;
        await using var audit = OpenAudit(folder);
        LiveStream stream = new("1-visible");
        var recording = Recorder(Create(folder, time), stream, audit, time).RunAsync(() => "system", CancellationToken.None);
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(40), time);
        var number = 0;
        foreach (var picture in Pictures(time.GetUtcNow()))
        {
            await pace.WaitForNextTickAsync();
            stream.Publish(picture);
            Console.WriteLine(++number);
        }

        await recording;
        return 0;
    }
}

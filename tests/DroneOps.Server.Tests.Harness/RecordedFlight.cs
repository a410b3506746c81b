using System.Security.Cryptography;
using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using DroneOps.Server.Video.Recording;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Harness;

/// <summary>A flight with its track, its flight log and a recording of two segments, as the service would have left them.</summary>
internal sealed record RecordedFlight(SortieRecord Sortie, Guid Recording)
{
    /// <summary>By how much the vehicle's clock is ahead.</summary>
    public const double ClockAheadMs = 250;

    public static async Task<RecordedFlight> FlyAsync(TestServer server, DateTimeOffset takeoff, string vehicle, string? incident = null)
    {
        var sortie = await FlownRows.FlyAsync(
            server, takeoff, [(117.655, 24.513), (117.665, 24.513)], vehicle: vehicle, purpose: incident is null ? "patrol" : "incident", taskKind: incident is null ? null : "incident", taskId: incident);
        WriteLog(server, vehicle, takeoff);
        return new(sortie, await RecordAsync(server, vehicle, takeoff));
    }

    private static void WriteLog(TestServer server, string vehicle, DateTimeOffset takeoff)
    {
        var path = FlightRecorder.FilesOf(server.Services.GetRequiredService<DataFolder>(), vehicle, takeoff, takeoff).First();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var log = TlogWriter.Append(path, new TlogWriterOptions());
        Span<byte> buffer = stackalloc byte[280];
        for (var second = 0; second < 60; second++)
        {
            var at = takeoff.AddSeconds(second);
            var said = new SystemTime { TimeUnixUsec = (ulong)(at.AddMilliseconds(ClockAheadMs) - DateTimeOffset.UnixEpoch).TotalMicroseconds, TimeBootMs = (uint)(second * 1000) };
            var length = FrameWriter.Write(buffer, OutgoingMessage.From(said), new MavlinkAddress(1, 1), (byte)second);
            log.Append(at, sentByUs: false, buffer[..length]);
        }
    }

    private static async Task<Guid> RecordAsync(TestServer server, string vehicle, DateTimeOffset takeoff)
    {
        var (shelf, book) = (server.Services.GetRequiredService<RecordingShelf>(), server.Services.GetRequiredService<RecordingBook>());
        var identity = new RecordingIdentity(RecordingIdentity.Current, Guid.CreateVersion7(takeoff), $"{vehicle}-visible", vehicle, takeoff, "system", "sortie");
        var folder = RecordingFolder.Create(Path.Combine(shelf.Root, RecordingFolder.Place(identity)), identity);
        for (var number = 1; number <= 2; number++)
        {
            var pictures = new byte[200_000];
            new Random(number).NextBytes(pictures);
            var name = RecordingFolder.FileName(number);
            await File.WriteAllBytesAsync(folder.FileOf(name), pictures);
            RecordingGap[] gaps = number == 2 ? [new(takeoff.AddSeconds(30), takeoff.AddSeconds(32), GapReason.SourceSilent)] : [];
            await book.CloseSegmentAsync(
                folder, new SegmentStatement(number, name, takeoff.AddSeconds(30 * (number - 1)), takeoff.AddSeconds(30 * number), pictures.Length, "avc1.42C01F", 1280, 720, 1.5, 0, gaps), SHA256.HashData(pictures), CancellationToken.None);
        }

        await book.CloseAsync(folder, new ClosingStatement(takeoff.AddSeconds(60), "system", 2, []), CancellationToken.None);
        shelf.Add(folder);
        return identity.Id;
    }
}

using System.Security.Cryptography;
using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using DroneOps.Server.Video.Recording;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Harness;

/// <summary>A flight with its track, its flight log and a recording of two segments, a clip and a still, as the service would have left them.</summary>
internal sealed record RecordedFlight(SortieRecord Sortie, Guid Recording, Clip Clip, Still Still)
{
    /// <summary>By how much the vehicle's clock is ahead.</summary>
    public const double ClockAheadMs = 250;

    public static async Task<RecordedFlight> FlyAsync(TestServer server, DateTimeOffset takeoff, string vehicle, string? incident = null)
    {
        var sortie = await FlownRows.FlyAsync(
            server, takeoff, [(117.655, 24.513), (117.665, 24.513)], vehicle: vehicle, purpose: incident is null ? "patrol" : "incident", taskKind: incident is null ? null : "incident", taskId: incident);
        WriteLog(server, vehicle, takeoff);
        var folder = await RecordAsync(server, vehicle, takeoff);
        return new(sortie, folder.Identity.Id, folder.Clips[0], folder.Stills[0]);
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

    private static async Task<RecordingFolder> RecordAsync(TestServer server, string vehicle, DateTimeOffset takeoff)
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
        await MakeAsync(folder, server.Services.GetRequiredService<AuditLog>(), takeoff);
        return folder;
    }

    /// <summary>A clip and a still of the second segment.</summary>
    private static async Task MakeAsync(RecordingFolder folder, AuditLog audit, DateTimeOffset takeoff)
    {
        const string Reason = "案件 2026-17";
        var (segment, at) = (folder.Lines[1].Sha256!, takeoff.AddSeconds(90));
        var (clip, still) = (Guid.CreateVersion7(at), Guid.CreateVersion7(at));
        var clipSum = await WriteAsync(folder.ClipFile(clip), 5000);
        var entry = await audit.AppendAsync(new AuditEntry("user:wang", "video.clipCut", RecordingBook.Subject(folder), new { clip, Reason, sha256 = clipSum }), CancellationToken.None);
        folder.Enter(new Clip(clip, at, "user:wang", Reason, takeoff.AddSeconds(40), takeoff.AddSeconds(50), 5000, clipSum, folder.Link, [new CutSource(2, segment, 1000, 5999)], entry));
        var stillSum = await WriteAsync(folder.StillFile(still), 3000);
        entry = await audit.AppendAsync(new AuditEntry("user:wang", "video.stillKept", RecordingBook.Subject(folder), new { still, Reason, sha256 = stillSum }), CancellationToken.None);
        folder.Enter(new Still(still, at, "user:wang", Reason, takeoff.AddSeconds(45), 2, segment, 1_350_000, 1280, 720, IsDamaged: false, 3000, stillSum, folder.Link, View: null, entry));
    }

    private static async Task<string> WriteAsync(string path, int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, bytes);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}

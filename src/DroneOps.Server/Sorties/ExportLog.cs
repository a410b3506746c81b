using System.Security.Claims;
using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties.Import;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary><c>GET /sorties/{id}/log.tlog</c>: every frame of the flight, for other ground stations and for <c>droneops replay</c>. Audited like
/// a look at the track.</summary>
internal static class ExportLog
{
    private const string MediaType = "application/octet-stream";

    /// <summary>Before arming and after disarming, so that a reader sees the state it begins and ends in.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(10);

    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id:guid}/log.tlog", HandleAsync)
        .Produces<Stream>(contentType: MediaType)
        .WithSummary("The flight log of a sortie, a .tlog; the look is audited");

    /// <summary>Where a sortie's frames are: in the logs of its vehicle's days, or in the recording that it was imported from.</summary>
    public static FlightFrames FramesOf(SortieRecord row, DataFolder data)
    {
        var (from, to) = ((row.ArmedAt ?? row.TakeoffAt) - Around, (row.DisarmedAt ?? row.LastHeardAt) + Around);
        var isImported = row.Import is { Format: FlightFormat.Tlog };
        var files = isImported ? [Path.Combine(data.Sub(SortieImport.Folder), row.Import!.StoredAs)] : FlightRecorder.FilesOf(data, row.VehicleId, from, to);
        return new([.. files.Where(File.Exists)], from, to, isImported ? row.SystemId : null);
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> HandleAsync(Guid id, ClaimsPrincipal user, FleetDb db, AuditLog audit, DataFolder data, CancellationToken cancellation)
    {
        if (await db.Set<SortieRecord>().IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(sortie => sortie.Id == id, cancellation) is not { } row)
            return Problems.NotFound("sortie", id);
        var frames = FramesOf(row, data);
        if (frames.Files.Length == 0)
            return Problems.NotFound("flight log of sortie", id);
        await audit.AppendAsync(new AuditEntry(user.Actor(), "sortie.logViewed", $"sortie/{id}", null), cancellation);
        return TypedResults.Stream(body => CopyAsync(frames, body, cancellation), MediaType, $"{ExportTrack.NameOf(row)}.tlog");
    }

    /// <summary>Copies the records of a span. The day's file may still grow: what is read of it is whole records.</summary>
    public static async Task CopyAsync(FlightFrames frames, Stream body, CancellationToken cancellation)
    {
        // The writer is not asynchronous and the answer's stream is nothing else: a buffer between them.
        using var buffer = new MemoryStream();
        using var writer = new TlogWriter(buffer, new TlogWriterOptions { StripsSignatures = true });
        foreach (var file in frames.Files)
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var reader = new TlogReader(stream, MessageCatalog.Default);
            while (Next(reader, writer, frames))
            {
                if (buffer.Length > 256 * 1024)
                    await PassOnAsync();
            }
        }

        await PassOnAsync();

        async Task PassOnAsync()
        {
            writer.Flush();
            await body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellation);
            buffer.SetLength(0);
        }
    }

    /// <summary>Takes one record over, if it is in the span.</summary>
    /// <returns>False at the end of the file.</returns>
    private static bool Next(TlogReader reader, TlogWriter writer, FlightFrames frames)
    {
        if (!reader.TryRead(out var record))
            return false;
        if (frames.Has(record))
            writer.Append(record.Stamp, record.SentByUs, record.Frame.Bytes);
        return true;
    }
}

/// <summary>The frames of a sortie in the files that hold them.</summary>
/// <param name="SystemId">Whose they are, where a file holds those of several vehicles.</param>
internal sealed record FlightFrames(string[] Files, DateTimeOffset From, DateTimeOffset To, int? SystemId)
{
    /// <summary>Whether a record is one of them.</summary>
    public bool Has(in TlogRecord record) => record.Stamp >= From && record.Stamp <= To && (SystemId is not { } system || (record.Frame.SystemId == system && !record.SentByUs));
}

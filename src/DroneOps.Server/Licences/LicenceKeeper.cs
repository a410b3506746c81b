using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Licences;

/// <summary>Tells the fleet what pilots lack, so that a launch is answered without the database: each minute, because days end by themselves, and when a flight ends.
/// A change to a licence is told at once by who makes it.</summary>
internal sealed partial class LicenceKeeper(
    IDbContextFactory<FleetDb> databases, PilotStandings standings, SortieChanges sorties, IOptions<LicencesOptions> options, Quiescence quiescence, TimeProvider time, ILogger<LicenceKeeper> logger)
    : ClosedSortieLoop(sorties, quiescence, time, Every)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>Reads and tells.</summary>
    public static async Task TellAsync(FleetDb db, PilotStandings standings, LicencesOptions options, DateTimeOffset now, CancellationToken cancellation)
    {
        var files = await PilotFile.ReadAsync(db, null, now, now, options, cancellation);
        string[] unknown = [.. new PilotFile([], []).LacksAt(now, options).Select(lack => lack.Text)];
        standings.Tell(files.ToDictionary(file => file.Key, file => (IReadOnlyList<string>)[.. file.Value.LacksAt(now, options).Select(lack => lack.Text)], StringComparer.Ordinal), unknown, options.Rule == LicenceRule.Refuse);
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            await TellAsync(db, standings, options.Value, Time.GetUtcNow(), cancellation);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            // What was told last holds on.
            LogNotRead(error);
        }
    }

    [LoggerMessage(LogLevel.Error, "What pilots lack could not be read now; it is tried again")]
    private partial void LogNotRead(Exception error);
}

using System.Linq.Expressions;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Sorties;

/// <summary>What a list of sorties can be narrowed to beyond <see cref="ListSorties.Filter"/>; all that is given must hold.</summary>
internal sealed record SortieTerms
{
    private const int LongestQuery = 200;
    private const int MostWords = 8;

    /// <summary>Was at least this high above home.</summary>
    public double? MinHeightM { get; init; }

    /// <summary>Was never higher above home.</summary>
    public double? MaxHeightM { get; init; }

    /// <summary>Was in the air at least so long.</summary>
    public double? MinSeconds { get; init; }

    /// <summary>Was in the air at most so long.</summary>
    public double? MaxSeconds { get; init; }

    /// <summary>Words: each is part of the vehicle's or the pilot's name, the purpose, the authorisation, the task, or a reason that somebody gave.</summary>
    public string? Q { get; init; }

    /// <summary>recorded: by this service; imported: from a file.</summary>
    public string? Origin { get; init; }

    /// <summary>What is wrong with it, or null.</summary>
    public Fault? Fault =>
        Q is { Length: > LongestQuery } || WordsOf(Q).Length > MostWords ? new("q", $"q is at most {MostWords} words and {LongestQuery} characters.")
        : MinHeightM is { } low && MaxHeightM is { } high && low > high ? new("maxHeightM", "maxHeightM is not below minHeightM.")
        : MinSeconds is { } least && MaxSeconds is { } most && least > most ? new("maxSeconds", "maxSeconds is not below minSeconds.")
        : Origin is not (null or "recorded" or "imported") ? new("origin", "origin is recorded or imported.")
        : null;

    public IQueryable<SortieRecord> Apply(IQueryable<SortieRecord> rows, FleetDb db)
    {
        if (MinHeightM is { } low)
            rows = rows.Where(sortie => sortie.MaxAltitudeAboveHomeM >= low);
        if (MaxHeightM is { } high)
            rows = rows.Where(sortie => sortie.MaxAltitudeAboveHomeM <= high);
        if (MinSeconds is { } least)
            rows = rows.Where(sortie => sortie.AirborneS >= least);
        if (MaxSeconds is { } most)
            rows = rows.Where(sortie => sortie.AirborneS <= most);
        if (Origin is { } origin)
            rows = origin == "imported" ? rows.Where(sortie => sortie.ImportId != null) : rows.Where(sortie => sortie.ImportId == null);
        foreach (var word in WordsOf(Q))
            rows = rows.Where(Says(word, db));
        return rows;
    }

#pragma warning disable CA1862 // Read by the database, which knows no StringComparison; both stores fold what is on both sides alike.
    private static Expression<Func<SortieRecord, bool>> Says(string word, FleetDb db) => sortie =>
        sortie.VehicleName.ToLower().Contains(word) || sortie.Pilot!.ToLower().Contains(word) || sortie.Purpose!.ToLower().Contains(word)
        || sortie.AuthorisedBy!.ToLower().Contains(word) || sortie.TaskLabel!.ToLower().Contains(word) || sortie.TaskId!.ToLower().Contains(word)
        || sortie.HardwareId!.ToLower().Contains(word) || sortie.BatterySerial!.ToLower().Contains(word) || sortie.Debt!.Reason!.ToLower().Contains(word)
        || sortie.Turns.Any(turn => turn.TaskLabel!.ToLower().Contains(word) || turn.Purpose!.ToLower().Contains(word))
        || db.Set<SortieCorrection>().Any(correction => correction.SortieId == sortie.Id && correction.Reason.ToLower().Contains(word));
#pragma warning restore CA1862

    private static string[] WordsOf(string? text) => [.. (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => word.ToLowerInvariant())];
}

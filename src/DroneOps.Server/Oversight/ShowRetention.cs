using System.Globalization;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using DroneOps.Server.Video.Recording;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace DroneOps.Server.Oversight;

/// <summary>Where a recording stands on its way to its deletion.</summary>
internal enum RetentionState
{
    /// <summary>Its time is over, and nobody has deleted it for so long that something is wrong.</summary>
    Overdue,

    /// <summary>Its time is over within the days that are asked for.</summary>
    Due,

    /// <summary>A legal hold stands on it: it is kept whatever its class says.</summary>
    Held,

    /// <summary>Its time is over after that.</summary>
    Later,

    /// <summary>Still written: its time begins with its end.</summary>
    Recording,
}

/// <summary><c>GET /oversight/retention</c> and <c>/oversight/retention/recordings</c>: what is to be deleted soon, what should be gone, what is kept longer and by whose word, and
/// how long all else is kept. By the rule that deletes; nothing is judged anew here.</summary>
internal static class ShowRetention
{
    private const int UsualDays = 30;
    private const int MostDays = 3660;
    private static readonly RetentionState[] Usual = [RetentionState.Overdue, RetentionState.Due, RetentionState.Held];

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/retention", Show).WithSummary("How long everything is kept, and how many recordings are overdue, due within days (30), held by a legal hold, due later, and still written");
        group.MapGet("/retention/recordings", List).WithSummary("Recordings that are overdue, due within days (30) or held, those whose time is over first; state, by commas, asks for others")
            .WithDescription("States: overdue, due, held, later, recording. What was deleted is in /oversight/deletions.");
    }

    /// <summary>Where a recording stands. Pure.</summary>
    /// <param name="overAt">When the time of its class is over; null while it is written.</param>
    public static RetentionState StateOf(Keeping keeping, DateTimeOffset? overAt, DateTimeOffset now, int days) => (keeping.Holds.IsEmpty, overAt) switch
    {
        (false, _) => RetentionState.Held,
        (_, null) => RetentionState.Recording,

        // One look that comes late is none that does not come.
        (_, { } over) when now - over > 2 * RetentionDesk.LooksEvery => RetentionState.Overdue,
        (_, { } over) when over - now <= TimeSpan.FromDays(days) => RetentionState.Due,
        _ => RetentionState.Later,
    };

    private static Results<Ok<Outlook>, ProblemHttpResult> Show(int? days, RecordingShelf shelf, RetentionSchedule schedule, [FromServices] IEnumerable<KeptStore> stores, TimeProvider time)
    {
        if (DaysFault(days) is { } fault)
            return Problems.Invalid(fault);
        var (now, ahead) = (time.GetUtcNow(), days ?? UsualDays);
        var by = Kept(shelf).ToLookup(folder => StateOf(folder.Keeping, folder.Keeping.OverAt(folder.ClosedAt, schedule), now, ahead));
        return TypedResults.Ok(new Outlook(
            now, now.AddDays(ahead), [.. Enum.GetValues<RetentionState>().Select(state => new Sum(state, by[state].Count(), by[state].Sum(folder => folder.Bytes)))], schedule.Classes,
            [.. stores.OrderBy(store => store.Kept).ThenBy(store => store.Days).ThenBy(store => store.Store, StringComparer.Ordinal)]));
    }

    private static Results<Ok<Page<Item>>, ProblemHttpResult> List([AsParameters] PageRequest page, int? days, string? state, RecordingShelf shelf, RetentionSchedule schedule, TimeProvider time)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (DaysFault(days) is { } wrong)
            return Problems.Invalid(wrong);
        var states = new List<RetentionState>();
        foreach (var word in state?.Split(',') ?? [])
        {
            if (Enum.GetValues<RetentionState>().Where(one => JsonNamingPolicy.CamelCase.ConvertName($"{one}") == word).ToList() is not [var one])
                return Problems.Invalid(new Fault("state", $"state is one of {string.Join(", ", Enum.GetNames<RetentionState>().Select(JsonNamingPolicy.CamelCase.ConvertName))}."));
            states.Add(one);
        }

        var now = time.GetUtcNow();
        RetentionState Of(RecordingFolder folder) => StateOf(folder.Keeping, folder.Keeping.OverAt(folder.ClosedAt, schedule), now, days ?? UsualDays);
        var wanted = Kept(shelf).Where(folder => (state is null ? Usual : states.AsEnumerable()).Contains(Of(folder)));
        var found = page.OfAll(wanted, folder => KeyOf(folder, schedule), newestFirst: false);
        return TypedResults.Ok(new Page<Item>([.. found.Items.Select(folder => Item.Of(folder, schedule, Of(folder)))], found.NextCursor));
    }

    private static IEnumerable<RecordingFolder> Kept(RecordingShelf shelf) => shelf.All.Where(folder => folder.Tombstone is null);

    private static Fault? DaysFault(int? days) => days is null or (>= 1 and <= MostDays) ? null : new("days", $"days is 1 to {MostDays}.");

    private static string KeyOf(RecordingFolder folder, RetentionSchedule schedule) => string.Create(
        CultureInfo.InvariantCulture, $"{folder.Keeping.OverAt(folder.ClosedAt, schedule) ?? DateTimeOffset.MaxValue:yyyyMMddHHmmssfffffff}{folder.Identity.Id:N}");

    /// <summary>How many recordings stand somewhere on their way.</summary>
    internal sealed record Sum(RetentionState State, int Recordings, long Bytes);

    /// <summary>What is kept, and for how long.</summary>
    /// <param name="Until">Until when what is due is listed as due.</param>
    internal sealed record Outlook(DateTimeOffset At, DateTimeOffset Until, IReadOnlyList<Sum> Recordings, IReadOnlyList<RetentionClass> Classes, IReadOnlyList<KeptStore> Stores);

    /// <summary>A recording on its way to its deletion.</summary>
    /// <param name="Bytes">What goes with it, clips and all.</param>
    /// <param name="Days">What its class keeps it; of a class that is not configured any more, what the longest one does.</param>
    /// <param name="IsClassKnown">Whether its class is configured.</param>
    /// <param name="OverAt">When the time of its class is over, held or not; null while it is written.</param>
    /// <param name="ClassGiven">Who gave it its class last, when and why; null where it has the one that it began with.</param>
    internal sealed record Item(
        Guid Id, string VehicleId, string StreamId, DateTimeOffset From, DateTimeOffset? To, long Bytes, RetentionState State, string Class, int Days, bool IsClassKnown, DateTimeOffset? OverAt,
        IReadOnlyList<LegalHold> Holds, Said? ClassGiven, string? Task, string? TaskLabel)
    {
        public static Item Of(RecordingFolder folder, RetentionSchedule schedule, RetentionState state)
        {
            var (identity, keeping) = (folder.Identity, folder.Keeping);
            var given = folder.ReadKeeping().LastOrDefault(word => word.Class is not null);
            return new(
                identity.Id, identity.VehicleId, identity.StreamId, identity.StartedAt, folder.ClosedAt, folder.Bytes, state, keeping.Class, schedule.DaysOf(keeping.Class), schedule.Find(keeping.Class) is not null,
                keeping.OverAt(folder.ClosedAt, schedule), keeping.Holds, given is null ? null : new(given.At, given.By, given.Reason), identity.Task, identity.TaskLabel);
        }
    }

    /// <summary>Who said something, when and why.</summary>
    internal sealed record Said(DateTimeOffset At, string By, string Reason);
}

using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Alarms;

/// <summary><c>GET /alarms</c>: the journal, as far back as alarms are kept; <c>GET /alarms/{id}</c>, and <c>GET /alarms/standing</c>.</summary>
internal static class ListAlarms
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).WithSummary("The journal of alarms, newest first");
        group.MapGet("/standing", Standing).WithSummary("What stands now: active, or not acknowledged, or held and active");
        group.MapGet("/{id:guid}", ShowAsync).WithSummary("One alarm");
    }

    private static async Task<Results<Ok<Page<AlarmView>>, ProblemHttpResult>> ListAsync(
        [AsParameters] Filter filter, [AsParameters] PageRequest page, FleetDb db, TimeProvider time, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (filter.Faults.ToList() is { Count: > 0 } faults)
            return Problems.Invalid(faults);
        var rows = filter.Apply(db.Set<AlarmRecord>().AsNoTracking());
        if (!TimeCursor.TryRead(page, out var cursor))
            return Problems.Invalid(TimeCursor.Wrong);
        if (cursor is { At: var at, Id: var id })
            rows = rows.Where(row => row.At < at || (row.At == at && row.Id.CompareTo(id) < 0));
        var found = await rows.OrderByDescending(row => row.At).ThenByDescending(row => row.Id).Take(page.Take + 1).ToListAsync(cancellation);
        var now = time.GetUtcNow();
        return TypedResults.Ok(page.Of(found, row => AlarmView.Of(row.ToAlarm(), now), row => new TimeCursor(row.At, row.Id).Key));
    }

    private static Results<Ok<Page<AlarmView>>, ProblemHttpResult> Standing([AsParameters] PageRequest page, AlarmBook book, TimeProvider time) => page.Fault is { } fault
        ? Problems.Invalid(fault)
        : TypedResults.Ok(page.OfAll(book.Standing.Select(alarm => AlarmView.Of(alarm, time.GetUtcNow())), alarm => alarm.Id.ToString(), newestFirst: true));

    private static async Task<Results<Ok<AlarmView>, ProblemHttpResult>> ShowAsync(Guid id, AlarmBook book, FleetDb db, TimeProvider time, CancellationToken cancellation) =>
        (book.Find(id) ?? (await db.Set<AlarmRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation))?.ToAlarm()) is { } alarm
            ? TypedResults.Ok(AlarmView.Of(alarm, time.GetUtcNow()))
            : Problems.NotFound("alarm", id);

    /// <summary>The filters; all that are given must hold.</summary>
    internal sealed record Filter
    {
        public QueryTime? From { get; init; }

        public QueryTime? To { get; init; }

        public string? Severity { get; init; }

        public string? State { get; init; }

        public string? Code { get; init; }

        public string? VehicleId { get; init; }

        public Guid? GroupId { get; init; }

        public IEnumerable<Fault> Faults
        {
            get
            {
                if (Severity is not null && Word<AlarmPriority>(Severity) is null)
                    yield return new Fault("severity", $"severity is one of {Words<AlarmPriority>()}.");
                if (State is not null && Word<AlarmState>(State) is null)
                    yield return new Fault("state", $"state is one of {Words<AlarmState>()}.");
            }
        }

        public IQueryable<AlarmRecord> Apply(IQueryable<AlarmRecord> rows)
        {
            if (From is { Utc: var from })
                rows = rows.Where(row => row.At >= from);
            if (To is { Utc: var to })
                rows = rows.Where(row => row.At < to);
            if (Word<AlarmPriority>(Severity) is { } severity)
                rows = rows.Where(row => row.Priority == severity);
            if (Word<AlarmState>(State) is { } state)
                rows = rows.Where(row => row.State == state);
            if (Code is { } code)
                rows = rows.Where(row => row.Code == code);
            if (VehicleId is { } vehicle)
                rows = rows.Where(row => row.VehicleId == vehicle);
            if (GroupId is { } group)
                rows = rows.Where(row => row.GroupId == group);
            return rows;
        }

        // Names as the answers spell them; a number would be read as a name by the parser.
        private static T? Word<T>(string? text)
            where T : struct, Enum => text is { Length: > 0 } && char.IsLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var word) ? word : null;

        private static string Words<T>()
            where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]));
    }
}

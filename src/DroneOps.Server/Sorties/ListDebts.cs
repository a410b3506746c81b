using System.Text;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary><c>GET /debts</c>, <c>/debts.csv</c> and <c>/debts/people</c>: flights that took off without a purpose, and who owes it. And <c>GET /purposes</c>.</summary>
internal static class ListDebts
{
    private static readonly string[] States = ["open", "overdue", "settled", "unsettled"];

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).WithSummary($"Flights that took off without a purpose, newest first; state={string.Join('|', States)}");
        group.MapGet("/people", CountAsync).WithSummary("How many such flights each person owes, owed too long, and has settled");
    }

    /// <summary>The same list for a spreadsheet.</summary>
    public static void MapCsv(RouteGroupBuilder group) =>
        group.MapGet("", CsvAsync).Produces<Stream>(contentType: "text/csv").WithSummary("The same list as a .csv, whole");

    public static void MapPurposes(RouteGroupBuilder group) =>
        group.MapGet("", (LaunchPurposes purposes) => TypedResults.Ok(new Page<Purpose>(purposes.All, null))).WithSummary("What a flight may be made for");

    private static async Task<Results<Ok<Page<View>>, ProblemHttpResult>> ListAsync([AsParameters] Filter filter, [AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if ((page.Fault ?? filter.Fault) is { } fault)
            return Problems.Invalid(fault);
        var rows = filter.Apply(db.Set<SortieRecord>().IgnoreQueryFilters().AsNoTracking());
        if (!TimeCursor.TryRead(page, out var cursor))
            return Problems.Invalid(TimeCursor.Wrong);
        if (cursor is { At: var at, Id: var id })
            rows = rows.Where(sortie => sortie.TakeoffAt < at || (sortie.TakeoffAt == at && sortie.Id.CompareTo(id) < 0));
        var found = await rows.OrderByDescending(sortie => sortie.TakeoffAt).ThenByDescending(sortie => sortie.Id).Take(page.Take + 1).ToListAsync(cancellation);
        return TypedResults.Ok(page.Of(found, View.Of, sortie => new TimeCursor(sortie.TakeoffAt, sortie.Id).Key));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> CsvAsync([AsParameters] Filter filter, FleetDb db, CancellationToken cancellation)
    {
        if (filter.Fault is { } fault)
            return Problems.Invalid(fault);
        var rows = await filter.Apply(db.Set<SortieRecord>().IgnoreQueryFilters().AsNoTracking()).OrderByDescending(sortie => sortie.TakeoffAt).ThenByDescending(sortie => sortie.Id).ToListAsync(cancellation);
        var text = new StringBuilder("sortieId,vehicle,person,cause,takeoffAt,landedAt,dueAt,state,overdueAt,settledAt,settledBy,purpose,authorisedBy,reason\r\n");
        foreach (var debt in rows.Select(View.Of))
        {
            text.AppendJoin(',', new[]
            {
                debt.SortieId.ToString(), debt.VehicleName, debt.Person, debt.Cause.ToString().ToLowerInvariant(), Time(debt.TakeoffAt), Time(debt.LandedAt), Time(debt.DueAt), debt.State, Time(debt.OverdueAt),
                Time(debt.SettledAt), debt.SettledBy, debt.Purpose, debt.AuthorisedBy, debt.Reason,
            }.Select(Spreadsheet.Field)).Append("\r\n");
        }

        return TypedResults.File(Spreadsheet.Bytes(text), "text/csv", "debts.csv");
    }

    private static async Task<Ok<Page<Person>>> CountAsync(FleetDb db, CancellationToken cancellation)
    {
        var debts = await db.Set<FlightDebt>().AsNoTracking().ToListAsync(cancellation);
        return TypedResults.Ok(new Page<Person>(
            [
                .. debts.GroupBy(debt => debt.Person).Select(group => new Person(
                        group.Key, group.Count(debt => debt.State == "open"), group.Count(debt => debt.State == "overdue"), group.Count(debt => debt.State == "settled"), group.Count(debt => debt.OverdueAt is not null)))
                    .OrderByDescending(person => person.Open + person.Overdue).ThenBy(person => person.Name, StringComparer.Ordinal),
            ],
            null));
    }

    private static string? Time(DateTimeOffset? at) => at is { } known ? Rfc3339.Text(known) : null;

    /// <summary>The filters; all that are given must hold.</summary>
    internal sealed record Filter
    {
        /// <summary>open, overdue, settled, or unsettled for the first two.</summary>
        public string? State { get; init; }

        public string? Person { get; init; }

        public QueryTime? From { get; init; }

        public QueryTime? To { get; init; }

        public Fault? Fault => State is null || States.Contains(State) ? null : new Fault("state", $"state is one of {string.Join(", ", States)}.");

        public IQueryable<SortieRecord> Apply(IQueryable<SortieRecord> rows)
        {
            rows = new ListSorties.Filter { From = From, To = To }.Apply(rows).Where(sortie => sortie.Debt != null);
            rows = State switch
            {
                "open" => rows.Where(sortie => sortie.Debt!.SettledAt == null && sortie.Debt.OverdueAt == null),
                "overdue" => rows.Where(sortie => sortie.Debt!.SettledAt == null && sortie.Debt.OverdueAt != null),
                "unsettled" => rows.Where(sortie => sortie.Debt!.SettledAt == null),
                "settled" => rows.Where(sortie => sortie.Debt!.SettledAt != null),
                _ => rows,
            };
            return Person is { } person ? rows.Where(sortie => sortie.Debt!.Person == person) : rows;
        }
    }

    /// <summary>A flight and what it owes, or owed. Purpose and authorisation are those of now; before they are entered, null.</summary>
    internal sealed record View(
        Guid SortieId, string VehicleId, string VehicleName, string? Person, DebtCause Cause, DateTimeOffset TakeoffAt, DateTimeOffset? LandedAt, DateTimeOffset? DueAt, string State,
        DateTimeOffset? OverdueAt, DateTimeOffset? SettledAt, string? SettledBy, string? Purpose, string? AuthorisedBy, string? Reason)
    {
        public static View Of(SortieRecord sortie)
        {
            var debt = sortie.Debt!;
            return new(
                sortie.Id, sortie.VehicleId, sortie.VehicleName, debt.Person, debt.Cause, sortie.TakeoffAt, sortie.LandedAt, debt.DueAt, debt.State,
                debt.OverdueAt, debt.SettledAt, debt.SettledBy, sortie.Purpose, sortie.AuthorisedBy, debt.Reason);
        }
    }

    /// <summary>What one person owes.</summary>
    /// <param name="Name">As the audit log writes it; null for flights that nobody is known to have launched.</param>
    /// <param name="Open">Owed, in time.</param>
    /// <param name="Overdue">Owed too long.</param>
    /// <param name="Settled">Entered since.</param>
    /// <param name="EverOverdue">Of all of them, those that were not entered in time.</param>
    internal sealed record Person(string? Name, int Open, int Overdue, int Settled, int EverOverdue);
}

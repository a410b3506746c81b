using System.Security.Claims;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Licences;

/// <summary><c>POST /licences</c> and <c>POST /licences/{id}/withdrawal</c>: what an administrator enters of a pilot.</summary>
internal static class EnterLicence
{
    private const int LongestNumber = 60;
    private const int LongestReason = 500;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3700);

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("", HandleAsync).WithSummary("Enter a pilot's licence; a renewal is another one");
        group.MapPost("/{id:guid}/withdrawal", WithdrawAsync).WithSummary("Withdraw one that was taken away or entered wrongly, with a reason: it holds no longer, and stays readable");
    }

    private static async Task<Results<Created<LicenceView>, ProblemHttpResult>> HandleAsync(
        Request request, ClaimsPrincipal user, FleetDb db, PilotStandings standings, AuditLog audit, IOptions<LicencesOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        var faults = new List<Fault>();
        var name = (request.UserName ?? "").ToUpperInvariant();
        var account = await db.Set<Account>().AsNoTracking().Where(row => row.NormalizedUserName == name).Select(row => row.UserName).SingleOrDefaultAsync(cancellation);
        if (account is null)
            faults.Add(new Fault("#/userName", "userName is that of an account."));
        if (request.Number?.Trim() is not { Length: > 0 and <= LongestNumber } || request.Class?.Trim() is not { Length: > 0 and <= LongestNumber })
            faults.Add(new Fault("#/number", $"number and class are 1 to {LongestNumber} characters."));
        if (request.ValidFrom is not { } from || request.ValidUntil is not { } until || until <= from || until - from > Longest)
            faults.Add(new Fault("#/validUntil", "validUntil is after validFrom, by at most ten years."));
        if (faults.Count > 0)
            return Problems.Invalid(faults);

        var now = time.GetUtcNow();
        var licence = new Licence
        {
            Id = Guid.CreateVersion7(now),
            Pilot = $"user:{account}",
            Number = request.Number!.Trim(),
            Class = request.Class!.Trim(),
            ValidFrom = request.ValidFrom!.Value.ToUniversalTime(),
            ValidUntil = request.ValidUntil!.Value.ToUniversalTime(),
            MedicalUntil = request.MedicalUntil?.ToUniversalTime(),
            EnteredBy = user.Actor(),
            EnteredAt = now,
        };
        await audit.AppendAsync(
            new AuditEntry(licence.EnteredBy, "licence.entered", $"account/{account}", new { licence.Id, licence.Number, licence.Class, licence.ValidFrom, licence.ValidUntil, licence.MedicalUntil }), cancellation);
        db.Add(licence);
        await db.SaveChangesAsync(cancellation);
        await LicenceKeeper.TellAsync(db, standings, options.Value, now, cancellation);
        return TypedResults.Created($"{ApiGroups.Prefix}/licences", LicenceView.Of(licence, now));
    }

    private static async Task<Results<Ok<LicenceView>, ProblemHttpResult>> WithdrawAsync(
        Guid id, Withdrawal request, ClaimsPrincipal user, FleetDb db, PilotStandings standings, AuditLog audit, IOptions<LicencesOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (request.Reason?.Trim() is not { Length: > 0 and <= LongestReason } reason)
            return Problems.Invalid(new Fault("#/reason", $"A withdrawal needs a reason, at most {LongestReason} characters."));
        if (await db.Set<Licence>().SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { } licence)
            return Problems.NotFound("licence", id);
        if (licence.WithdrawnAt is not null)
            return Problems.Conflict("licence-withdrawn", $"{licence.WithdrawnBy} has withdrawn it already.");
        var now = time.GetUtcNow();
        await audit.AppendAsync(new AuditEntry(user.Actor(), "licence.withdrawn", $"account/{licence.Pilot["user:".Length..]}", new { id, licence.Number, reason }), cancellation);
        (licence.WithdrawnAt, licence.WithdrawnBy, licence.WithdrawnFor) = (now, user.Actor(), reason);
        await db.SaveChangesAsync(cancellation);
        await LicenceKeeper.TellAsync(db, standings, options.Value, now, cancellation);
        return TypedResults.Ok(LicenceView.Of(licence, now));
    }

    /// <summary>A licence. Times are moments: one that is valid for a day holds until the next one begins.</summary>
    internal sealed record Request(string? UserName, string? Number, string? Class, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil, DateTimeOffset? MedicalUntil);

    /// <summary>Why.</summary>
    internal sealed record Withdrawal(string? Reason);
}

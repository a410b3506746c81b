using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.FieldLinks;

/// <summary>Opens, finds and ends links. A link shows one incident and never another: whatever a phone asks for, it asks through its link. An incident
/// that was merged is the one that it has become, for as long as it is merged: a crew must not lose its place in the middle of a scene.</summary>
/// <remarks>Owner of the table <c>field_links</c>; one change at a time.</remarks>
internal sealed class FieldLinkBook(IDbContextFactory<FleetDb> databases, IncidentBook incidents, AuditLog audit, IOptions<FieldLinksOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>How many links of an incident hold at a time.</summary>
    public const int MostOfIncident = 50;

    /// <summary>That a phone is there is written so often at most.</summary>
    private static readonly TimeSpan NoteUseEvery = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>A link ended. Handlers must return at once.</summary>
    public event Action<Guid>? Ended;

    /// <summary>Opens a link.</summary>
    /// <returns>The link and its text, which is nowhere else; null when the incident has too many.</returns>
    public async Task<(FieldLinkRecord Link, string Text)?> OpenAsync(Guid incident, string callSign, int minutes, string actor, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var now = time.GetUtcNow();
            if (await db.Set<FieldLinkRecord>().CountAsync(link => link.IncidentId == incident && link.EndedAt == null, cancellation) >= MostOfIncident)
                return null;
            var text = FieldLinkRecord.NewText();
            var link = new FieldLinkRecord
            {
                Id = Guid.CreateVersion7(now),
                IncidentId = incident,
                CallSign = callSign,
                Hash = FieldLinkRecord.HashOf(text),
                OpenedAt = now,
                OpenedBy = actor,
                ExpiresAt = now.AddMinutes(minutes),
            };
            await audit.AppendAsync(new AuditEntry(actor, "fieldLink.opened", SubjectOf(link.Id), new { incident, callSign, link.ExpiresAt }), cancellation);
            db.Add(link);
            await db.SaveChangesAsync(CancellationToken.None);
            return (link, text);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The links that show an incident, those of calls merged into it included, the newest first.</summary>
    public async Task<IReadOnlyList<FieldLinkRecord>> OfIncidentAsync(Guid incident, CancellationToken cancellation)
    {
        var calls = await CallsOfAsync(incident, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<FieldLinkRecord>().AsNoTracking().Where(link => calls.Contains(link.IncidentId)).OrderByDescending(link => link.Id).ToListAsync(cancellation);
    }

    /// <summary>The incident that a link shows; null when that is closed.</summary>
    public async Task<IncidentRecord?> IncidentOfAsync(FieldLinkRecord link, CancellationToken cancellation) =>
        await incidents.FindAsync(link.IncidentId, cancellation) is { } own && await incidents.SurvivorAsync(own, cancellation) is { State: not IncidentState.Closed } shown ? shown : null;

    /// <summary>A link that holds, or null.</summary>
    public async Task<FieldLinkRecord?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<FieldLinkRecord>().AsNoTracking().SingleOrDefaultAsync(link => link.Id == id, cancellation) is { } link && link.IsValid(time.GetUtcNow()) ? link : null;
    }

    /// <summary>A phone opens a link by its text.</summary>
    /// <param name="from">The phone's address.</param>
    /// <returns>Null when no link that holds has this text; nobody is told whether one ever had it.</returns>
    public async Task<FieldLinkRecord?> UseAsync(string text, string? from, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var (hash, now) = (FieldLinkRecord.HashOf(text), time.GetUtcNow());
            var link = await db.Set<FieldLinkRecord>().SingleOrDefaultAsync(link => link.Hash == hash, cancellation);
            // That the incident is closed is noted in the link a moment after.
            if (link is null || !link.IsValid(now) || await IncidentOfAsync(link, cancellation) is null)
            {
                await audit.AppendAsync(new AuditEntry("anonymous", "fieldLink.refused", link is null ? "fieldLink/unknown" : SubjectOf(link.Id), new { from }), cancellation);
                return null;
            }

            await audit.AppendAsync(new AuditEntry(CrewReport.ActorOf(link.CallSign), "fieldLink.used", SubjectOf(link.Id), new { incident = link.IncidentId, from }), cancellation);
            (link.Uses, link.LastUsedAt) = (link.Uses + 1, now);
            await db.SaveChangesAsync(CancellationToken.None);
            return link;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A phone with an open link is still there.</summary>
    public async Task NoteUseAsync(FieldLinkRecord link, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now - link.LastUsedAt < NoteUseEvery)
            return;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<FieldLinkRecord>().Where(row => row.Id == link.Id).ExecuteUpdateAsync(row => row.SetProperty(known => known.LastUsedAt, now), cancellation);
    }

    /// <summary>Ends a link of an incident; one that has ended stays as it ended.</summary>
    /// <returns>The link; null when the incident has no such one.</returns>
    public async Task<FieldLinkRecord?> RevokeAsync(Guid incident, Guid id, string actor, CancellationToken cancellation)
    {
        var calls = await CallsOfAsync(incident, cancellation);
        var ended = await EndAsync(links => links.Where(link => link.Id == id && calls.Contains(link.IncidentId)), (_, _) => FieldLinkEnd.Revoked, actor, cancellation);
        return ended is [var link] ? link : null;
    }

    /// <summary>Notes the ends of links whose time is over or whose incident was closed, and forgets old ones.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        List<FieldLinkRecord> doubtful;
        await using (var db = await databases.CreateDbContextAsync(cancellation))
        {
            var oldest = now.AddDays(-options.Value.KeepDays);
            await db.Set<FieldLinkRecord>().Where(link => link.EndedAt < oldest).ExecuteDeleteAsync(cancellation);
            doubtful = await db.Set<FieldLinkRecord>().AsNoTracking().Where(link => link.EndedAt == null)
                .Join(db.Set<IncidentRecord>().Where(row => row.State == IncidentState.Closed), link => link.IncidentId, row => row.Id, (link, _) => link).ToListAsync(cancellation);
        }

        List<Guid> closed = [];
        foreach (var link in doubtful)
        {
            if (await IncidentOfAsync(link, cancellation) is null)
                closed.Add(link.Id);
        }

        await EndAsync(
            links => links.Where(link => link.EndedAt == null && (link.ExpiresAt <= now || closed.Contains(link.Id))),
            (link, _) => closed.Contains(link.Id) ? FieldLinkEnd.IncidentClosed : FieldLinkEnd.Expired, Actors.System, cancellation);
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>An incident and all that were merged into it, or into one of those.</summary>
    private async Task<List<Guid>> CallsOfAsync(Guid incident, CancellationToken cancellation)
    {
        List<Guid> calls = [incident];
        for (var i = 0; i < calls.Count; i++)
        {
            if (await incidents.FindAsync(calls[i], cancellation) is { } row)
                calls.AddRange(row.Merged.Select(call => call.Id).Where(id => !calls.Contains(id)));
        }

        return calls;
    }

    private async Task<IReadOnlyList<FieldLinkRecord>> EndAsync(
        Func<IQueryable<FieldLinkRecord>, IQueryable<FieldLinkRecord>> which, Func<FieldLinkRecord, DateTimeOffset, FieldLinkEnd> why, string actor, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var links = await which(db.Set<FieldLinkRecord>()).ToListAsync(cancellation);
            var now = time.GetUtcNow();
            List<Guid> ended = [];
            foreach (var link in links.Where(link => link.EndedAt is null))
            {
                // One that ran out ended at its time, whenever that is noticed.
                var end = now >= link.ExpiresAt ? FieldLinkEnd.Expired : why(link, now);
                var by = end == FieldLinkEnd.Expired ? Actors.System : actor;
                await audit.AppendAsync(new AuditEntry(by, "fieldLink.ended", SubjectOf(link.Id), new { incident = link.IncidentId, link.CallSign, why = end }), cancellation);
                (link.EndedAt, link.EndedFor, link.EndedBy) = (end == FieldLinkEnd.Expired ? link.ExpiresAt : now, end, by);
                ended.Add(link.Id);
            }

            await db.SaveChangesAsync(CancellationToken.None);
            foreach (var id in ended)
                Ended?.Invoke(id);
            return links;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static string SubjectOf(Guid id) => $"fieldLink/{id}";
}

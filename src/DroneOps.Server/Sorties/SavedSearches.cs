using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Sorties;

/// <summary>A search for sorties that somebody will make again.</summary>
internal sealed class SavedSearch
{
    public required Guid Id { get; init; }

    /// <summary>Whose it is; nobody else sees it.</summary>
    public required string Owner { get; init; }

    public required string Name { get; init; }

    /// <summary>The filters, as the console's address has them.</summary>
    public required string Query { get; set; }

    public required DateTimeOffset SavedAt { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<SavedSearch>
    {
        public void Configure(EntityTypeBuilder<SavedSearch> builder)
        {
            builder.ToTable("saved_searches");
            builder.HasIndex(search => new { search.Owner, search.Name }).IsUnique();
        }
    }
}

/// <summary><c>GET</c>, <c>PUT</c> and <c>DELETE /sorties/searches/{name}</c>: one's own saved searches.</summary>
internal static class SavedSearches
{
    private const int LongestName = 80;
    private const int LongestQuery = 2000;
    private const int Most = 100;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/searches", ListAsync).WithSummary("My saved searches, by name");
        group.MapPut("/searches/{name}", SaveAsync).WithSummary("Save a search under a name, in place of the one that has it");
        group.MapDelete("/searches/{name}", DeleteAsync).ProducesProblem(StatusCodes.Status404NotFound).WithSummary("Delete one");
    }

    private static async Task<Ok<Page<View>>> ListAsync(ClaimsPrincipal user, FleetDb db, CancellationToken cancellation)
    {
        var owner = user.Actor();
        var rows = await db.Set<SavedSearch>().AsNoTracking().Where(search => search.Owner == owner).ToListAsync(cancellation);
        return TypedResults.Ok(new Page<View>([.. rows.OrderBy(search => search.Name, StringComparer.Ordinal).Select(View.Of)], null));
    }

    private static async Task<Results<Ok<View>, ProblemHttpResult>> SaveAsync(
        string name, Request request, ClaimsPrincipal user, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (name.Trim() is not { Length: > 0 and <= LongestName } trimmed)
            return Problems.Invalid(new Fault("name", $"A search's name is 1 to {LongestName} characters."));
        if (request.Query is not { Length: <= LongestQuery } query)
            return Problems.Invalid(new Fault("#/query", $"query is the filters of the search, at most {LongestQuery} characters."));
        var owner = user.Actor();
        var own = db.Set<SavedSearch>().Where(search => search.Owner == owner);
        var saved = await own.SingleOrDefaultAsync(search => search.Name == trimmed, cancellation);
        if (saved is null)
        {
            if (await own.CountAsync(cancellation) >= Most)
                return Problems.Conflict("too-many-searches", $"You have {Most} saved searches; delete one first.");
            saved = new SavedSearch { Id = Guid.CreateVersion7(time.GetUtcNow()), Owner = owner, Name = trimmed, Query = query, SavedAt = time.GetUtcNow() };
            db.Add(saved);
        }

        (saved.Query, saved.SavedAt) = (query, time.GetUtcNow());
        await audit.AppendAsync(new AuditEntry(owner, "search.saved", $"search/{saved.Id}", new { saved.Name, saved.Query }), cancellation);
        await db.SaveChangesAsync(cancellation);
        return TypedResults.Ok(View.Of(saved));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string name, ClaimsPrincipal user, FleetDb db, AuditLog audit, CancellationToken cancellation)
    {
        var owner = user.Actor();
        if (await db.Set<SavedSearch>().SingleOrDefaultAsync(search => search.Owner == owner && search.Name == name, cancellation) is not { } row)
            return Problems.NotFound("saved search", name);
        await audit.AppendAsync(new AuditEntry(owner, "search.deleted", $"search/{row.Id}", new { row.Name }), cancellation);
        db.Remove(row);
        await db.SaveChangesAsync(cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>The request.</summary>
    internal sealed record Request(string? Query);

    /// <summary>A saved search as it is answered.</summary>
    internal sealed record View(string Name, string Query, DateTimeOffset SavedAt)
    {
        public static View Of(SavedSearch row) => new(row.Name, row.Query, row.SavedAt);
    }
}

using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Audit;

/// <summary><c>GET /audit/proof?index=</c>: that an entry is under the signed head.</summary>
internal static class ProveEntry
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/proof", Handle)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .WithSummary("The inclusion proof of an entry (RFC 6962) with the checkpoint it leads to");

    private static Results<Ok<AuditProof>, ProblemHttpResult> Handle(long index, AuditLog log) =>
        index >= 0 && index < log.Count ? TypedResults.Ok(log.Prove(index)) : Problems.NotFound("audit entry", index);
}

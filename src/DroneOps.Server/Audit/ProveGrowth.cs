using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Audit;

/// <summary><c>GET /audit/consistency?from=</c>: that the log has only grown since it had so many entries.</summary>
internal static class ProveGrowth
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/consistency", Handle)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .WithSummary("The consistency proof from an earlier size of the log (RFC 6962), with the checkpoint it leads to");

    private static Results<Ok<AuditGrowth>, ProblemHttpResult> Handle(long from, AuditLog log) =>
        from >= 0 && from <= log.Count
            ? TypedResults.Ok(log.ProveGrowth(from))
            : Problems.Invalid(new Fault("from", $"The log has {log.Count} entries; it never had {from}."));
}

using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Audit;

/// <summary><c>GET /audit/checkpoint</c>: the signed head of the log, as text (C2SP tlog-checkpoint).</summary>
internal static class ShowCheckpoint
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/checkpoint", HandleAsync).WithSummary("The signed head of the log, a C2SP signed note").Produces<string>(contentType: "text/plain");
        group.MapGet("/publicKey", (AuditLog log) => TypedResults.Text(log.PublicKey)).WithSummary("The key that signs checkpoints, PEM").Produces<string>(contentType: "text/plain");
    }

    private static async Task<ContentHttpResult> HandleAsync(AuditLog log, CancellationToken cancellation) =>
        TypedResults.Text(await log.CheckpointAsync(cancellation));
}

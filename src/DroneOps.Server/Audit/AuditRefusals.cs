using DroneOps.Server.Api;
using Microsoft.AspNetCore.Diagnostics;

namespace DroneOps.Server.Audit;

/// <summary>What needs an entry and finds no room for it is refused, and says why.</summary>
internal sealed class AuditRefusals : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not AuditFullException full)
            return false;
        await Problems.Other(StatusCodes.Status507InsufficientStorage, "audit-full", "This cannot be recorded, so it is not done.", full.Message).ExecuteAsync(httpContext);
        return true;
    }
}

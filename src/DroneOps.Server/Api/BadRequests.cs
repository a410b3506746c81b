using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Api;

/// <summary>Turns the exceptions that a request can cause into problems: an unreadable body says where, a row that
/// someone else saved first is a stale read. Everything else is a bug and stays a 500.</summary>
internal sealed class BadRequests : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest, InnerException: JsonException json } => Problems.Invalid(new Fault(Pointer(json), json.Message.Split(" Path: ")[0])),
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => Problems.Invalid(new Fault("", bad.Message)),
            BadHttpRequestException bad => Problems.Other(bad.StatusCode, Problems.TypeOf(bad.StatusCode)[Problems.Prefix.Length..], "The request is refused.", bad.Message),
            DbUpdateConcurrencyException => Problems.Stale("Someone else has changed it meanwhile; read it again before you change it."),
            _ => null,
        };
        if (problem is null)
        {
            return false;
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private static string Pointer(JsonException problem) =>
        problem.Path is { } path ? "#" + path.TrimStart('$').Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal) : "#";
}

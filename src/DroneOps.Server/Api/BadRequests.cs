using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Api;

/// <summary>Turns the exceptions that a request can cause into problems: an unreadable body says where, a row that
/// someone else saved first is a stale read. Everything else is a bug and stays a 500.</summary>
internal sealed partial class BadRequests : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest, InnerException: JsonException json } => Problems.Invalid(JsonFaults.Of(json, "#")),
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => Problems.Invalid(FaultOf(bad.Message)),
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

    /// <summary>The framework's sentences are for the developer of the server: the parameter and what it wants are taken out of them.</summary>
    private static Fault FaultOf(string message)
    {
        if (NotBound().Match(message) is { Success: true } odd)
            return UnreadQuery.FaultOf(odd.Groups["name"].Value, odd.Groups["type"].Value, odd.Groups["value"].Value);

        if (NotThere().Match(message) is { Success: true } missing && missing.Groups["source"].Value != "body")
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(missing.Groups["name"].Value);
            return new Fault(name, $"{name} is needed.");
        }

        return message.Contains("body", StringComparison.OrdinalIgnoreCase) ? new Fault("#", "A JSON body is needed.") : new Fault("", message);
    }

    [GeneratedRegex("^Failed to bind parameter \"(?<type>\\S+) (?<name>\\w+)\" from \"(?<value>.*)\"")]
    private static partial Regex NotBound();

    [GeneratedRegex("^Required parameter \"\\S+ (?<name>\\w+)\" was not provided from (?<source>.*?)\\.$")]
    private static partial Regex NotThere();
}

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace DroneOps.Server.Api;

/// <summary>What is wrong with one part of a request.</summary>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901) into the body such as <c>#/geometry/coordinates/0/3</c>, or the name of a query parameter or header.</param>
/// <param name="Detail">What, for a person.</param>
internal sealed record Fault(string Pointer, string Detail);

/// <summary>Problem details (RFC 9457). The <c>type</c> is a stable URN that clients may branch on; add one here,
/// never change one.</summary>
internal static class Problems
{
    public const string Prefix = "urn:droneops:problem:";

    /// <summary>400: the request cannot be read or breaks a rule of form.</summary>
    public static ProblemHttpResult Invalid(params IReadOnlyList<Fault> faults) =>
        Make(StatusCodes.Status400BadRequest, "invalid-request", "The request is not valid.", string.Join(" ", faults.Select(fault => fault.Detail)), new() { ["errors"] = faults });

    /// <summary>404: there is no such thing.</summary>
    public static ProblemHttpResult NotFound(string what, object id) =>
        Make(StatusCodes.Status404NotFound, "not-found", "There is no such thing.", $"There is no {what} '{id}'.", []);

    /// <summary>403 for a reason beyond the role (the role itself is answered by the policies).</summary>
    public static ProblemHttpResult Forbidden(string slug, string detail) =>
        Make(StatusCodes.Status403Forbidden, slug, "Not allowed.", detail, []);

    /// <summary>409: the state of things forbids it; <paramref name="slug"/> says which rule.</summary>
    /// <param name="faults">What should be sent instead, where that helps.</param>
    public static ProblemHttpResult Conflict(string slug, string detail, params IReadOnlyList<Fault> faults) =>
        Make(StatusCodes.Status409Conflict, slug, "This cannot be done now.", detail, faults.Count == 0 ? [] : new() { ["errors"] = faults });

    /// <summary>412: someone else changed it since it was read.</summary>
    public static ProblemHttpResult Stale(string detail) =>
        Make(StatusCodes.Status412PreconditionFailed, "stale-etag", "It has changed since you read it.", detail, []);

    /// <summary>422: understood, and refused by a rule of the domain (a plan through a no-fly zone); with places.</summary>
    public static ProblemHttpResult Refused(string slug, string detail, params IReadOnlyList<Fault> faults) =>
        Make(StatusCodes.Status422UnprocessableEntity, slug, "This is refused.", detail, faults.Count == 0 ? [] : new() { ["errors"] = faults });

    /// <summary>Any other status.</summary>
    public static ProblemHttpResult Other(int status, string slug, string title, string detail) => Make(status, slug, title, detail, []);

    /// <summary>The type of a status that the framework answers by itself.</summary>
    public static string TypeOf(int status) => Prefix + status switch
    {
        StatusCodes.Status400BadRequest => "invalid-request",
        StatusCodes.Status401Unauthorized => "not-signed-in",
        StatusCodes.Status403Forbidden => "not-allowed",
        StatusCodes.Status404NotFound => "not-found",
        StatusCodes.Status405MethodNotAllowed => "method-not-allowed",
        StatusCodes.Status413PayloadTooLarge => "too-large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported-media-type",
        StatusCodes.Status429TooManyRequests => "too-many-requests",
        _ => status >= StatusCodes.Status500InternalServerError ? "internal-error" : "refused",
    };

    private static ProblemHttpResult Make(int status, string slug, string title, string detail, Dictionary<string, object?> extensions) =>
        TypedResults.Problem(new ProblemDetails { Status = status, Type = Prefix + slug, Title = title, Detail = detail, Extensions = extensions });
}

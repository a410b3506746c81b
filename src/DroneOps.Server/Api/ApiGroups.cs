namespace DroneOps.Server.Api;

/// <summary>Where slices hang their endpoints.</summary>
internal static class ApiGroups
{
    public const string Prefix = "/api/v1";

    /// <summary>The group <c>/api/v1{path}</c>, documented under <paramref name="tag"/>; problems are documented once, here.</summary>
    public static RouteGroupBuilder MapApiGroup(this IEndpointRouteBuilder endpoints, string path, string tag) => endpoints
        .MapGroup(Prefix + path)
        .WithTags(tag)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}

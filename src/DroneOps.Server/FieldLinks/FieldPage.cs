namespace DroneOps.Server.FieldLinks;

/// <summary><c>GET /field</c>: the page itself. It holds no secrets; what it asks for needs a link.</summary>
internal static class FieldPage
{
    private const string File = "field.html";

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(FieldLinksModule.Path, Handle).AllowAnonymous().ExcludeFromDescription();

    private static IResult Handle(HttpContext context, IWebHostEnvironment environment)
    {
        FieldLinksModule.KeepToItself(context);
        return environment.WebRootFileProvider.GetFileInfo(File) is { Exists: true } page
            ? TypedResults.Stream(page.CreateReadStream(), "text/html; charset=utf-8")
            : Api.Problems.NotFound("page", File);
    }
}

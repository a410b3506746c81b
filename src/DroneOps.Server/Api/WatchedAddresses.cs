using Microsoft.OpenApi;

namespace DroneOps.Server.Api;

/// <summary>The addresses outside <c>/api/v1</c> that keep their own conventions: health, metrics, and the document itself.</summary>
internal static class WatchedAddresses
{
    public const string Live = "/healthz/live";
    public const string Ready = "/healthz/ready";
    public const string Metrics = "/metrics";
    public const string Document = "/openapi/{documentName}.json";

    private const string Text = "text/plain";
    private const string Json = "application/json";

    public static void Describe(OpenApiDocument document)
    {
        Add(document, Live, "Whether the process answers", Json, mayFail: true);
        Add(document, Ready, "Whether the service can work: the database, the audit log, the way of commands", Json, mayFail: true);
        Add(document, Metrics, "Figures for Prometheus", Text, mayFail: false);
        Add(document, "/openapi/v1.json", "This document", Json, mayFail: false);
    }

    private static void Add(OpenApiDocument document, string path, string summary, string mediaType, bool mayFail)
    {
        var content = new Dictionary<string, OpenApiMediaType> { [mediaType] = new OpenApiMediaType() };
        var answers = new OpenApiResponses { ["200"] = new OpenApiResponse { Description = "OK", Content = content } };
        if (mayFail)
            answers["503"] = new OpenApiResponse { Description = "Not now; the body says what is wrong.", Content = content };
        document.Tags ??= new HashSet<OpenApiTag>();
        document.Tags.Add(new OpenApiTag { Name = "Watch" });
        document.Paths[path] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation>
            {
                [HttpMethod.Get] = new OpenApiOperation
                {
                    OperationId = SchemaNames.OfOperation("GET", path),
                    Summary = summary,
                    Tags = new HashSet<OpenApiTagReference> { new("Watch", document) },
                    Responses = answers,
                    Security = [new OpenApiSecurityRequirement()],
                },
            },
        };
    }
}

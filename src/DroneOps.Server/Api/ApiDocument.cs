using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Api;

/// <summary>What a body that is read by hand looks like.</summary>
/// <param name="Type">The type that documents it.</param>
internal sealed record BodyShape(Type Type);

/// <summary>The OpenAPI document: what the framework cannot see by itself (sign-in, GeoJSON, common headers, which answers can come).</summary>
internal static class ApiDocument
{
    private const string CookieScheme = "session";
    private const string TokenScheme = "token";
    private const string ProblemType = "application/problem+json";

    public static void Describe(OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = type => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null ? null : SchemaNames.Of(type.Type);
        options.AddDocumentTransformer((document, _, _) =>
        {
            Introduce(document);
            RequestSchemas.Relax(document);
            WatchedAddresses.Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = context.JsonTypeInfo.Type;
            if (typeof(Geometry).IsAssignableFrom(type))
            {
                schema.Type = JsonSchemaType.Object;
                schema.Description = "GeoJSON geometry (RFC 7946), WGS-84, longitude first.";
                schema.Required = new HashSet<string> { "type", "coordinates" };
                schema.Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["coordinates"] = new OpenApiSchema { Type = JsonSchemaType.Array },
                };
            }
            else if (type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?))
            {
                schema.Type = type == typeof(DateTimeOffset) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
                schema.Format = "date-time";
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Documents a body that the endpoint reads by hand.</summary>
    public static RouteHandlerBuilder HasBody<TShape>(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new BodyShape(typeof(TShape)));

    private static void Introduce(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "DroneOps",
            Version = "v1",
            Description = "Times are RFC 3339 in UTC, geometry is GeoJSON in WGS-84 with longitude first, units are in the names. Errors are problem details (RFC 9457) "
                + "with a stable `type`. Lists take `limit` and `cursor` and answer `items` and `nextCursor`. POST takes `Idempotency-Key`; changed resources carry an `ETag` and "
                + "honour `If-Match`. The live feed is a SignalR hub at `/feed`, and server-sent events (docs/api.md).",
        };
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[CookieScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = "droneops.session",
            Description = $"Set by POST {ApiGroups.Prefix}/session; unsafe verbs also need the header {AntiforgeryCheck.Header}.",
        };
        document.Components.SecuritySchemes[TokenScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token." };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(CookieScheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, document)] = [] },
        ];
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var method = context.Description.HttpMethod ?? HttpMethods.Get;
        var path = "/" + context.Description.RelativePath;
        var isAnonymous = metadata.OfType<IAllowAnonymous>().Any();
        operation.OperationId = SchemaNames.OfOperation(method, path);
        foreach (var query in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Query))
        {
            query.Name = JsonNamingPolicy.CamelCase.ConvertName(query.Name!);
            if (query is { Name: "limit", Schema: OpenApiSchema limit })
                (limit.Minimum, limit.Maximum) = ("1", PageRequest.MaxLimit.ToString(CultureInfo.InvariantCulture));
            if (query.Name is "from" or "to")
                query.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" };
        }

        if (metadata.OfType<BodyShape>().FirstOrDefault() is { } shape && operation.RequestBody?.Content is { } content)
        {
            var schema = await context.GetOrCreateSchemaAsync(shape.Type, null, cancellation);
            foreach (var body in content.Values)
                body.Schema = schema;
        }

        if (isAnonymous)
            operation.Security = [new OpenApiSecurityRequirement()];
        else if (HttpMethods.IsPost(method))
            (operation.Parameters ??= []).Add(Header(Idempotency.Header, "The same key and body get the same answer for 24 hours."));
        var hasETag = metadata.OfType<ETags.Honours>().Any();
        var isConditional = hasETag && !HttpMethods.IsGet(method) && (!HttpMethods.IsPost(method) || path.Contains('{', StringComparison.Ordinal));
        if (isConditional)
            (operation.Parameters ??= []).Add(Header("If-Match", "The ETag the change is based on."));
        AddAnswers(operation, method, path, isAnonymous, (hasETag, isConditional), metadata.OfType<EnableRateLimitingAttribute>().Any());
    }

    private static void AddAnswers(OpenApiOperation operation, string method, string path, bool isAnonymous, (bool HasETag, bool IsConditional) version, bool isLimited)
    {
        var answers = operation.Responses ??= [];
        if (version.HasETag)
        {
            foreach (var answer in answers.Where(answer => answer.Key is "200" or "201").Select(answer => answer.Value).OfType<OpenApiResponse>())
                answer.Headers = new Dictionary<string, IOpenApiHeader> { ["ETag"] = new OpenApiHeader { Description = "The version, for If-Match.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } } };
        }

        if (path.Contains('{', StringComparison.Ordinal))
            Add(StatusCodes.Status404NotFound, "There is no such thing.");
        if (HttpMethods.IsPost(method) && !isAnonymous)
        {
            Add(StatusCodes.Status409Conflict, "The state of things forbids it, or an earlier request with this key is not done.");
            Add(StatusCodes.Status422UnprocessableEntity, "A rule of the domain refuses it, or the key was used for another request.");
        }

        if (version.IsConditional)
            Add(StatusCodes.Status412PreconditionFailed, "It has changed since it was read.");
        if (operation.RequestBody is not null)
        {
            Add(StatusCodes.Status413PayloadTooLarge, "The body is too large.");
            Add(StatusCodes.Status415UnsupportedMediaType, "The body is not JSON.");
        }

        if (isLimited)
            Add(StatusCodes.Status429TooManyRequests, "Too many tries; Retry-After says when the next may be made.");

        void Add(int status, string description) => answers.TryAdd(
            status.ToString(CultureInfo.InvariantCulture),
            new OpenApiResponse { Description = description, Content = answers.GetValueOrDefault("400")?.Content ?? new Dictionary<string, OpenApiMediaType> { [ProblemType] = new OpenApiMediaType() } });
    }

    private static OpenApiParameter Header(string name, string description) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}

using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Api;

/// <summary>The OpenAPI document: what the framework cannot see by itself (sign-in, GeoJSON, common headers).</summary>
internal static class ApiDocument
{
    private const string CookieScheme = "session";
    private const string TokenScheme = "token";

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "DroneOps",
                Version = "v1",
                Description = "Times are RFC 3339 in UTC, geometry is GeoJSON in WGS-84 with longitude first, units are in the names. Errors are problem details (RFC 9457) "
                    + "with a stable `type`. Lists answer `items` and `nextCursor`. POST takes `Idempotency-Key`; changed resources carry an `ETag` and honour `If-Match`.",
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
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (string.Equals(context.Description.HttpMethod, HttpMethods.Post, StringComparison.OrdinalIgnoreCase))
            {
                (operation.Parameters ??= []).Add(Header(Idempotency.Header, "The same key and body get the same answer for 24 hours."));
            }

            if (context.Description.HttpMethod is "PUT" or "DELETE" or "PATCH")
            {
                (operation.Parameters ??= []).Add(Header("If-Match", "The ETag the change is based on."));
            }

            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (typeof(Geometry).IsAssignableFrom(context.JsonTypeInfo.Type))
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

            return Task.CompletedTask;
        });
    }

    private static OpenApiParameter Header(string name, string description) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}

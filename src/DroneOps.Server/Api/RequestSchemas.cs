using Microsoft.OpenApi;

namespace DroneOps.Server.Api;

/// <summary>The generator calls every parameter of a record's constructor required. That is true of what we answer, where what is not known is
/// null; of what we are sent, a member that may be null may as well be left out.</summary>
internal static class RequestSchemas
{
    public static void Relax(OpenApiDocument document)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var bodies = document.Paths.Values.SelectMany(path => path.Operations?.Values.AsEnumerable() ?? [])
            .SelectMany(operation => operation.RequestBody?.Content?.Values.AsEnumerable() ?? []);
        foreach (var body in bodies)
            Relax(body.Schema, document, seen);

        // And what we answer may get more members without a new version.
        foreach (var answer in document.Components?.Schemas?.Where(schema => !seen.Contains(schema.Key)).Select(schema => schema.Value).OfType<OpenApiSchema>() ?? [])
            answer.AdditionalPropertiesAllowed = true;
    }

    private static void Relax(IOpenApiSchema? schema, OpenApiDocument document, HashSet<string> seen)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id })
        {
            if (seen.Add(id) && document.Components?.Schemas is { } schemas && schemas.TryGetValue(id, out var named))
                Relax(named, document, seen);
            return;
        }

        if (schema is not OpenApiSchema own)
            return;
        foreach (var (name, member) in own.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (MayBeNull(member))
                own.Required?.Remove(name);
            Relax(member, document, seen);
        }

        Relax(own.Items, document, seen);
        foreach (var either in (own.OneOf ?? []).Concat(own.AnyOf ?? []).Concat(own.AllOf ?? []))
            Relax(either, document, seen);
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true || (schema.OneOf ?? []).Any(either => either.Type == JsonSchemaType.Null);
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;
using DroneOps.Tests;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Api;

/// <summary>The OpenAPI document against the running server, and docs/api.md against both.</summary>
[Collection(On.Sqlite)]
public sealed partial class ApiDocumentTests(SqliteServer shared)
{
    private static readonly string[] OutsideTheApi = ["/healthz/live", "/healthz/ready", "/metrics", "/openapi/v1.json", "/library/basemap/{layer}.geojson", "/library/tiles/archive.pmtiles", "/library/tiles/{z}/{x}/{y}",
        "/field/session", "/field/incident", "/field/events", "/field/map.geojson", "/field/cameras/{id}/live", "/field/reports", "/field/position"];

    // Pages, the feed's handshake, and the template behind /openapi/v1.json are no calls of the API.
    private static readonly string[] NoCalls = ["/", "/{path}", "/field", "/feed", "/feed/negotiate", "/openapi/{documentName}.json"];

    [Fact]
    public async Task Every_endpoint_is_in_the_document_and_nothing_else_is()
    {
        var document = await DocumentAsync();
        var mapped = shared.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Where(method => method != "HEAD").Select(method => (Method: method, Path: Plain(endpoint))))
            .Where(call => !NoCalls.Contains(call.Path)).Select(call => $"{call.Method} {call.Path}").Append("GET /openapi/v1.json").ToHashSet();

        Assert.Equal(mapped.Order(), Operations(document).Select(call => $"{call.Method} {call.Path}").Order());
        Assert.All(Operations(document), call => Assert.NotEqual("", call.Operation.GetProperty("summary").GetString()));
    }

    [Fact]
    public async Task The_page_for_integrators_lists_the_calls_of_the_document()
    {
        var document = await DocumentAsync();
        var page = await File.ReadAllLinesAsync(Checkout.PathOf("docs", "api.md"));
        var listed = page.Select(line => ResourceRow().Match(line)).Where(row => row.Success)
            .SelectMany(row => Quoted().Matches(row.Groups["paths"].Value).SelectMany(path => row.Groups["calls"].Value.Trim().Split(' ').Select(method => $"{method} {ApiGroups.Prefix}{path.Groups[1].Value}")));

        Assert.Equal(Operations(document).Where(call => !OutsideTheApi.Contains(call.Path)).Select(call => $"{call.Method} {call.Path}").Order(), listed.Order());
    }

    [Fact]
    public async Task Every_name_is_camel_case_and_every_operation_has_its_own()
    {
        var document = await DocumentAsync();
        var calls = Operations(document).ToList();
        var names = calls.SelectMany(call => Parameters(call.Operation).Where(parameter => parameter.GetProperty("in").GetString() != "header").Select(parameter => $"{call.Path}: {parameter.GetProperty("name").GetString()}"))
            .Concat(document.GetProperty("components").GetProperty("schemas").EnumerateObject()
                .Where(schema => schema.Value.TryGetProperty("properties", out _))
                .SelectMany(schema => schema.Value.GetProperty("properties").EnumerateObject().Select(property => $"{schema.Name}: {property.Name}")));

        Assert.DoesNotContain(names, name => !CamelCase().IsMatch(name.Split(": ")[1]));
        var ids = calls.Select(call => call.Operation.GetProperty("operationId").GetString()!).ToList();
        Assert.All(ids, id => Assert.Matches(CamelCase(), id));
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Two_types_never_share_a_name_in_the_document()
    {
        var types = new HashSet<Type>();
        foreach (var endpoint in shared.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints)
        {
            foreach (var type in endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Select(answer => answer.Type).Concat(endpoint.Metadata.OfType<IAcceptsMetadata>().Select(body => body.RequestType)).OfType<Type>())
                Collect(type, types);
        }

        Assert.True(types.Count > 80, "The walk finds the types of the API.");
        Assert.All(types.GroupBy(SchemaNames.Of), group => Assert.Single(group));
    }

    [Fact]
    public async Task Without_identity_every_call_that_needs_one_answers_401()
    {
        var document = await DocumentAsync();
        using var anonymous = shared.Server.Anonymous();
        foreach (var call in Operations(document).Where(call => !IsOpen(call.Operation)))
        {
            using var answer = await anonymous.SendAsync(Request(call.Method, call.Path, call.Operation), TestContext.Current.CancellationToken);
            await answer.ReadProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Theory]
    [InlineData(Roles.Admin)]
    [InlineData(Roles.Auditor)]
    public async Task Every_call_answers_as_the_document_says(string role)
    {
        var document = await DocumentAsync();
        using var user = await shared.Server.SignInAsync(role);
        var wrong = new List<string>();
        foreach (var call in Operations(document).OrderBy(call => call.Operation.GetProperty("operationId").GetString() == "deleteSession"))
        {
            using var answer = await user.SendAsync(Request(call.Method, call.Path, call.Operation), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            wrong.AddRange((await FaultsAsync(answer, call.Operation, document)).Select(fault => $"{call.Method} {call.Path} -> {(int)answer.StatusCode}: {fault}"));
        }

        Assert.Empty(wrong);
    }

    private static async Task<List<string>> FaultsAsync(HttpResponseMessage answer, JsonElement operation, JsonElement document)
    {
        // A stream has no end to wait for.
        var type = answer.Content.Headers.ContentType?.MediaType ?? "";
        var text = type == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (!operation.GetProperty("responses").TryGetProperty(((int)answer.StatusCode).ToString(), out var declared))
            return [$"this status is not declared ({text})"];
        if (!declared.TryGetProperty("content", out var content))
            return text.Length == 0 ? [] : ["a body is not declared"];
        if (!content.TryGetProperty(type, out var body))
            return [$"the content type {type} is not declared"];
        if (type == "application/problem+json")
        {
            var problem = JsonElement.Parse(text);
            return problem.GetProperty("type").GetString()!.StartsWith(Problems.Prefix, StringComparison.Ordinal) && problem.TryGetProperty("detail", out var detail) && detail.GetString() is { Length: > 10 } said && !said.Contains("DroneOps.", StringComparison.Ordinal)
                ? []
                : [$"the problem has no stable type, or does not say what is wrong: {text}"];
        }

        return type == "application/json" && body.TryGetProperty("schema", out var schema) ? [.. Schemas.Differences(JsonElement.Parse(text), schema, document).Take(5)] : [];
    }

    /// <summary>A request that finds nothing and says nothing: it is understood and changes nothing.</summary>
    private static HttpRequestMessage Request(string method, string path, JsonElement operation)
    {
        var address = Parameter().Replace(path.Replace("{layer}", "water", StringComparison.Ordinal).Replace("{z}/{x}/{y}", "1/1/1", StringComparison.Ordinal), Guid.Empty.ToString());
        var needed = Parameters(operation).Where(parameter => parameter.GetProperty("in").GetString() == "query" && parameter.TryGetProperty("required", out var required) && required.GetBoolean())
            .Select(parameter => $"{parameter.GetProperty("name").GetString()}=0");
        var request = new HttpRequestMessage(new HttpMethod(method), $"{address}?{string.Join('&', needed)}".TrimEnd('?'));
        if (operation.TryGetProperty("requestBody", out _))
            request.Content = new StringContent("{}", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return request;
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using var client = shared.Server.Anonymous();
        return await client.GetAsync<JsonElement>("/openapi/v1.json");
    }

    private static IEnumerable<(string Method, string Path, JsonElement Operation)> Operations(JsonElement document) => document.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => (operation.Name.ToUpperInvariant(), path.Name, operation.Value)));

    private static JsonElement[] Parameters(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : [];

    private static bool IsOpen(JsonElement operation) => operation.TryGetProperty("security", out var security) && security.EnumerateArray().Any(way => !way.EnumerateObject().Any());

    private static string Plain(RouteEndpoint endpoint) => "/" + Parameter().Replace(endpoint.RoutePattern.RawText!.Trim('/'), "{$1}");

    private static void Collect(Type type, HashSet<Type> types)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        foreach (var argument in type.GetGenericArguments())
            Collect(argument, types);
        if (type.IsArray)
            Collect(type.GetElementType()!, types);
        if (type.Assembly != typeof(SchemaNames).Assembly || type.IsEnum || type == typeof(ProblemDetails) || !types.Add(type))
            return;
        foreach (var property in type.GetProperties())
            Collect(property.PropertyType, types);
    }

    [GeneratedRegex(@"\{\**(\w+)(?::[^{}]*(?:\{[^{}]*\}[^{}]*)*)?\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("^[a-z][A-Za-z0-9]*$")]
    private static partial Regex CamelCase();

    [GeneratedRegex(@"^\| (?<paths>`/[^|]*`) \| (?<calls>(?:(?:GET|POST|PUT|PATCH|DELETE|OPTIONS) ?)+)\|")]
    private static partial Regex ResourceRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace DroneOps.Server.Api;

/// <summary>What the serializer complains of, in words for the sender: its own sentences name our types, which the sender does not know.</summary>
internal static partial class JsonFaults
{
    private const string WrongKind = "The value is not of the kind, or not one of the words, that /openapi/v1.json gives for it.";

    /// <summary>The fault, with a pointer to the place.</summary>
    /// <param name="root">The pointer to what was read: <c>#</c> for the body.</param>
    public static Fault Of(JsonException problem, string root) => new(root + Pointer(problem.Path), Sentence(problem));

    private static string Pointer(string? path) =>
        path is null ? "" : path.TrimStart('$').Replace("['", ".", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal)
            .Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

    private static string Sentence(JsonException problem)
    {
        var message = problem.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0];
        return Missing().Match(message) is { Success: true } missing ? $"Missing: {missing.Groups[1].Value.Replace("'", "", StringComparison.Ordinal)}."
            : Unmapped().Match(message) is { Success: true } unmapped ? $"There is no property {unmapped.Groups[1].Value} here."
            : message.Contains("could not be converted", StringComparison.Ordinal) || message.Contains("DroneOps.", StringComparison.Ordinal) ? WrongKind
            : problem.InnerException is JsonException || problem.Path is null ? $"The body is not JSON: {message.TrimEnd('.')}."
            : message;
    }

    [GeneratedRegex("missing required properties including: (.*?)\\.?$")]
    private static partial Regex Missing();

    [GeneratedRegex("The JSON property '(.*?)' could not be mapped")]
    private static partial Regex Unmapped();
}

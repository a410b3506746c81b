using System.Globalization;
using System.Text.RegularExpressions;

namespace DroneOps.Server.Api;

/// <summary>Names in the OpenAPI document that generators of clients can use: unique, and stable as long as the code's own.</summary>
internal static partial class SchemaNames
{
    /// <summary>The name of a type. The request of a use case is nested in it and called Request: the use case's name goes before.</summary>
    public static string Of(Type type) => Nullable.GetUnderlyingType(type) is { } value
        ? Of(value)
        : type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}Of{string.Join("And", type.GetGenericArguments().Select(Of))}"
            : type.DeclaringType is { } owner && !type.IsGenericParameter ? $"{Of(owner)}{type.Name}" : type.Name;

    /// <summary>The name of an operation: the verb and the words of its path.</summary>
    public static string OfOperation(string method, string path)
    {
        // Constraints ({id:guid}) are the router's business.
        var words = Parameter().Replace(path.Replace(ApiGroups.Prefix, "", StringComparison.Ordinal), "by-$1")
            .Split(['/', '.', '-'], StringSplitOptions.RemoveEmptyEntries).Select(Capital);
        return method.ToLowerInvariant() + string.Concat(words);
    }

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}+")]
    private static partial Regex Parameter();

    private static string Capital(string word) => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..];
}

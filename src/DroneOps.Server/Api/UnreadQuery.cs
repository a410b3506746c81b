using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace DroneOps.Server.Api;

/// <summary>What cannot be read in a query. The compiler-written binding throws for a parameter that must be there, and answers 400 without a word for one
/// that may be left out; here the words are found.</summary>
internal static class UnreadQuery
{
    /// <summary>The parameters of the endpoint that were sent and cannot be read; none when the request failed by something else.</summary>
    public static IEnumerable<Fault> FaultsOf(HttpContext http)
    {
        foreach (var parameter in http.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            if (parameter.HasTryParse && http.Request.Query[parameter.Name] is [{ Length: > 0 } text, ..] && !IsRead(parameter.ParameterInfo.ParameterType, text))
                yield return FaultOf(parameter.Name, parameter.ParameterInfo.ParameterType.ToString(), text);
        }
    }

    /// <param name="name">The parameter as the handler calls it.</param>
    /// <param name="type">Its type, written in any way.</param>
    public static Fault FaultOf(string name, string type, string text)
    {
        var sent = JsonNamingPolicy.CamelCase.ConvertName(name);
        return new(sent, $"{sent} is {Wanted(type)}, not '{text}'.");
    }

    private static bool IsRead(Type type, string text) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var time when time == typeof(QueryTime) => QueryTime.TryParse(text, CultureInfo.InvariantCulture, out _),
        var whole when whole == typeof(int) => int.TryParse(text, CultureInfo.InvariantCulture, out _),
        var large when large == typeof(long) => long.TryParse(text, CultureInfo.InvariantCulture, out _),
        var number when number == typeof(double) => double.TryParse(text, CultureInfo.InvariantCulture, out _),
        var word when word == typeof(bool) => bool.TryParse(text, out _),
        var id when id == typeof(Guid) => Guid.TryParse(text, out _),
        var name when name.IsEnum => Enum.TryParse(name, text, ignoreCase: true, out _),
        _ => true,
    };

    private static string Wanted(string type) => type switch
    {
        _ when type.Contains(nameof(QueryTime), StringComparison.Ordinal) => "a time with its offset, such as 2026-05-01T08:00:00Z",
        _ when type.Contains("int", StringComparison.OrdinalIgnoreCase) || type.Contains("long", StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("double", StringComparison.OrdinalIgnoreCase) => "a number",
        _ when type.Contains("bool", StringComparison.OrdinalIgnoreCase) => "true or false",
        _ => "something else",
    };
}

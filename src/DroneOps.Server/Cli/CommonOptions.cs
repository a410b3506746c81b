using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DroneOps.Server.Cli;

/// <summary>Options that several commands take, in one wording.</summary>
internal static class CommonOptions
{
    /// <summary><c>--data DIR</c>.</summary>
    public static Option<string?> Data() => new("--data") { Description = "The data folder (default: data)", HelpName = "DIR" };

    /// <summary>How commands write JSON: times with a Z, readable Chinese.</summary>
    public static JsonSerializerOptions Written { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new UtcTime() } };

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Answer in JSON" };

    /// <summary><c>--set Area:Key=value</c>, any option of docs/configuration.md.</summary>
    public static Option<string[]> Set()
    {
        var option = new Option<string[]>("--set") { Description = "Set any option, e.g. --set Storage:Provider=Postgres", HelpName = "AREA:KEY=VALUE" };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                result.AddError($"--set wants AREA:KEY=VALUE, not '{token.Value}'.");
            }
        });
        return option;
    }

    /// <summary>The command-line layer of the configuration.</summary>
    public static Dictionary<string, string?> Settings(ParseResult parsed, Option<string[]> set, Option<string?> data)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in parsed.GetValue(set) ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            settings[$"{OptionAreas.Root}:{pair[..at]}"] = pair[(at + 1)..];
        }

        if (parsed.GetValue(data) is { } folder)
        {
            settings[$"{OptionAreas.Root}:Storage:DataFolder"] = folder;
        }

        return settings;
    }

    /// <summary>Adds a value under <c>DroneOps:</c> when the user gave one.</summary>
    public static void Put<T>(this Dictionary<string, string?> settings, string key, T? value)
        where T : struct, IFormattable
    {
        if (value is { } given)
        {
            settings[$"{OptionAreas.Root}:{key}"] = given.ToString(null, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>One area's options for a command that builds no host: appsettings.json, environment, command line.</summary>
    public static TOptions Read<TOptions>(string area, IReadOnlyDictionary<string, string?> settings)
        where TOptions : class, new() => OptionAreas.Read<TOptions>(
            new ConfigurationBuilder()
                .SetBasePath(AppContext.BaseDirectory)
                .AddJsonFile("appsettings.json", optional: true)
                .AddEnvironmentVariables()
                .AddInMemoryCollection(settings)
                .Build(),
            area);

    // The API's own converter lies a tier above.
    private sealed class UtcTime : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
    }
}

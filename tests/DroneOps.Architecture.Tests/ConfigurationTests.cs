using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Xunit;

namespace DroneOps.Architecture.Tests;

/// <summary>docs/configuration.md against the options classes: every option is documented with the default it has, and
/// nothing is documented that does not exist.</summary>
public sealed partial class ConfigurationTests
{
    private static readonly Assembly Server = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "droneops.dll"));

    // Key to default, both as a reader would write them.
    private static readonly IReadOnlyDictionary<string, string> Options = FindOptions();

    private static readonly IReadOnlyDictionary<string, string> Documented = OptionRow()
        .Matches(Repository.Read("docs/configuration.md"))
        .ToDictionary(row => row.Groups["key"].Value, row => row.Groups["value"].Value.Trim().Trim('`'));

    [Fact]
    public void Every_option_is_documented() =>
        Violations.None("Not in docs/configuration.md:", Options.Keys.Except(Documented.Keys).Select(key => $"| `{key}` | `{Options[key]}` |"));

    [Fact]
    public void Every_documented_option_exists() =>
        Violations.None("In docs/configuration.md, not in the code:", Documented.Keys.Except(Options.Keys));

    [Fact]
    public void Every_documented_default_is_the_real_one() =>
        Violations.None("Other default in the code:", Documented.Where(row => Options.TryGetValue(row.Key, out string? value) && value != row.Value)
            .Select(row => $"{row.Key}: documented {row.Value}, is {Options[row.Key]}"));

    [Fact]
    public void An_options_class_is_sealed_and_bound_to_one_area() =>
        Violations.None("Options classes:", Product.Server.WrittenTypes()
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && !type.IsNested && type is { IsAbstract: false, IsSealed: false })
            .Select(type => type.FullName));

    // The calls of AddArea<TOptions>("Area") are the list of areas.
    private static IEnumerable<(string Area, string Type)> Areas() => Product.Server.MainModule.GetTypes().SelectMany(type => type.Methods)
        .Where(method => method.HasBody).SelectMany(method => method.Body.Instructions)
        .Where(instruction => instruction.Operand is GenericInstanceMethod { Name: "AddArea" } && instruction.Previous.OpCode.Code == Code.Ldstr)
        .Select(instruction => ((string)instruction.Previous.Operand, ((GenericInstanceMethod)instruction.Operand).GenericArguments[0].FullName));

    private static Dictionary<string, string> FindOptions()
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach ((string area, string name) in Areas())
        {
            Type type = Server.GetType(name.Replace('/', '+'), throwOnError: true)!;
            Collect($"DroneOps__{area}", type, Activator.CreateInstance(type)!, found);
        }

        return found;
    }

    private static void Collect(string key, Type type, object value, Dictionary<string, string> found)
    {
        if (value is IList entries)
        {
            found[$"{key}__0"] = Written(entries);
            return;
        }

        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            object? current = property.GetValue(value);
            if (current is not null && (current is IList || property.PropertyType.Assembly == Server && property.PropertyType.IsClass))
                Collect($"{key}__{property.Name}", property.PropertyType, current, found);
            else if (property.SetMethod is not null)
                found[$"{key}__{property.Name}"] = Written(current);
        }
    }

    private static string Written(object? value) => value switch
    {
        null or "" => "",
        string text => text,
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        IDictionary map => string.Join(", ", map.Keys.Cast<object>().Select(key => $"{key}={Written(map[key])}")),
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(Written)),
        bool yes => yes ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    [GeneratedRegex(@"^\| `(?<key>DroneOps__\w+)` \|(?<value>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex OptionRow();
}

using System.Collections.Frozen;
using System.Globalization;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Simulator.Protocols;

/// <summary>One vehicle's parameters: names, types and wire order are ArduCopter 4.7's, the values are the vehicle's own and survive a reboot.</summary>
internal sealed class ParameterTable
{
    private static readonly Definition[] Definitions = Load();
    private static readonly FrozenDictionary<string, int> ByName = Definitions.Index().ToFrozenDictionary(d => d.Item.Name, d => d.Index);

    private readonly float[] _values = [.. Definitions.Select(d => d.Default)];

    private readonly record struct Definition(string Name, MavParamType Type, float Default);

    /// <summary>How many parameters there are.</summary>
    public static int Count => Definitions.Length;

    public float this[int index] => _values[index];

    /// <summary>The position of a parameter that this program relies on.</summary>
    /// <exception cref="KeyNotFoundException">The table does not hold it.</exception>
    public static int IndexOf(string name) => ByName[name];

    public static bool TryFind(string name, out int index) => ByName.TryGetValue(name, out index);

    public static string NameAt(int index) => Definitions[index].Name;

    public static MavParamType TypeAt(int index) => Definitions[index].Type;

    /// <summary>Stores a value the way the autopilot does: nothing is refused, integers are rounded and saturate.</summary>
    /// <returns>What was stored.</returns>
    public float Set(int index, float value)
    {
        _values[index] = Definitions[index].Type switch
        {
            MavParamType.Int8 => (float)Math.Clamp(Math.Round(value), sbyte.MinValue, sbyte.MaxValue),
            MavParamType.Int16 => (float)Math.Clamp(Math.Round(value), short.MinValue, short.MaxValue),
            MavParamType.Int32 => (float)Math.Round(value),
            _ => value,
        };
        return _values[index];
    }

    private static Definition[] Load()
    {
        using var stream = typeof(ParameterTable).Assembly.GetManifestResourceStream("copter-parameters.txt")
            ?? throw new InvalidOperationException("The parameter list is not embedded.");
        using var reader = new StreamReader(stream);
        var definitions = new List<Definition>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var fields = line.Split(' ');
            definitions.Add(new(
                fields[0],
                (MavParamType)int.Parse(fields[1], CultureInfo.InvariantCulture),
                float.Parse(fields[2], CultureInfo.InvariantCulture)));
        }

        return [.. definitions];
    }
}

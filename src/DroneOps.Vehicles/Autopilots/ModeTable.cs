using System.Collections.Frozen;

namespace DroneOps.Vehicles.Autopilots;

/// <summary>Names of modes and their numbers (HEARTBEAT.custom_mode). Names come from one place so that a heartbeat allocates none.</summary>
internal sealed class ModeTable
{
    private readonly FrozenDictionary<uint, string> _names;
    private readonly FrozenDictionary<string, uint> _numbers;

    public ModeTable(params ReadOnlySpan<(uint Number, string Name)> modes)
    {
        var names = new Dictionary<uint, string>();
        var numbers = new Dictionary<string, uint>(StringComparer.OrdinalIgnoreCase);
        foreach (var (number, name) in modes)
        {
            names.Add(number, name);
            numbers.Add(name, number);
        }

        _names = names.ToFrozenDictionary();
        Names = [.. names.OrderBy(mode => mode.Key).Select(mode => mode.Value)];
        _numbers = numbers.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>All names, in the order of their numbers.</summary>
    public IReadOnlyList<string> Names { get; }

    public string? NameOf(uint number) => _names.GetValueOrDefault(number);

    public bool TryFind(string name, out uint number) => _numbers.TryGetValue(name, out number);
}

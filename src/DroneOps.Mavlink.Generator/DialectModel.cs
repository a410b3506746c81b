using System.Collections.Generic;

namespace DroneOps.Mavlink.Generator;

/// <summary>One dialect file as text; equality by content is what makes the generator incremental.</summary>
internal sealed record DialectSource(string Path, string Text)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
}

/// <summary>What all dialect files say together.</summary>
internal sealed class DialectModel
{
    public SortedDictionary<uint, MessageModel> Messages { get; } = [];

    public SortedDictionary<string, EnumModel> Enums { get; } = new(System.StringComparer.Ordinal);
}

internal sealed class EnumModel(string name)
{
    public string Name { get; } = name;

    public string? Description { get; set; }

    public bool IsBitmask { get; set; }

    /// <summary>Set when a 64-bit field carries this enum.</summary>
    public bool NeedsUInt64 { get; set; }

    public List<EnumEntry> Entries { get; } = [];
}

internal sealed record EnumEntry(string Name, ulong Value, string? Description);

internal sealed class MessageModel(uint id, string name, string dialect)
{
    public uint Id { get; } = id;

    public string Name { get; } = name;

    public string Dialect { get; } = dialect;

    public string? Description { get; set; }

    /// <summary>In the order of the XML until <see cref="WireLayout.Arrange"/> puts them in wire order.</summary>
    public List<FieldModel> Fields { get; } = [];
}

internal sealed record FieldModel(
    string Name, WireType Type, int ArrayLength, bool IsExtension, string? Enum, string? Units, string? Invalid, string? Description)
{
    public bool IsArray => ArrayLength > 0;

    public int Size => Type.Size * (IsArray ? ArrayLength : 1);
}

/// <summary>A scalar of the MAVLink schema and its C# counterpart.</summary>
internal sealed record WireType(string Name, string CSharp, int Size)
{
    private static readonly Dictionary<string, WireType> All = new()
    {
        ["uint8_t"] = new("uint8_t", "byte", 1),
        ["int8_t"] = new("int8_t", "sbyte", 1),
        ["char"] = new("char", "byte", 1),
        ["uint16_t"] = new("uint16_t", "ushort", 2),
        ["int16_t"] = new("int16_t", "short", 2),
        ["uint32_t"] = new("uint32_t", "uint", 4),
        ["int32_t"] = new("int32_t", "int", 4),
        ["uint64_t"] = new("uint64_t", "ulong", 8),
        ["int64_t"] = new("int64_t", "long", 8),
        ["float"] = new("float", "float", 4),
        ["double"] = new("double", "double", 8),
    };

    public bool IsText => Name == "char";

    public static WireType? Find(string name)
    {
        // The checksum seed is taken over the plain type name: the suffix only marks the field for the sender.
        if (name == "uint8_t_mavlink_version")
            name = "uint8_t";
        return All.TryGetValue(name, out var type) ? type : null;
    }
}

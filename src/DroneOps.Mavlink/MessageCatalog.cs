using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DroneOps.Mavlink;

/// <summary>What framing and routing need to know of one message.</summary>
/// <param name="Id">24-bit message id.</param>
/// <param name="Name">Its name in the dialect, for example GLOBAL_POSITION_INT.</param>
/// <param name="Dialect">The dialect file that defines it.</param>
/// <param name="CrcExtra">The seed that closes the checksum.</param>
/// <param name="MinLength">Payload bytes without extensions.</param>
/// <param name="MaxLength">Payload bytes with extensions.</param>
/// <param name="TargetSystemOffset">Where target_system lies in the payload, or -1 for a broadcast message.</param>
/// <param name="TargetComponentOffset">Where target_component lies in the payload, or -1.</param>
public sealed record MessageInfo(
    uint Id, string Name, string Dialect, byte CrcExtra, byte MinLength, byte MaxLength, int TargetSystemOffset, int TargetComponentOffset);

/// <summary>All messages of the dialects that the assembly was built with. Immutable and safe to share.</summary>
public sealed class MessageCatalog
{
    /// <summary>The framing facts of ids below this are in one flat table; vendor ids above it go through a map.</summary>
    private const int FlatIds = 1 << 16;

    private readonly uint[] _flat = new uint[FlatIds];
    private readonly FrozenDictionary<uint, uint> _high;
    private readonly FrozenDictionary<uint, MessageInfo> _byId;

    private MessageCatalog(MessageInfo[] messages)
    {
        Messages = messages;
        _byId = messages.ToFrozenDictionary(m => m.Id);
        _high = messages.Where(m => m.Id >= FlatIds).ToFrozenDictionary(m => m.Id, m => new FramingFacts(m).Packed);
        foreach (var message in messages)
        {
            if (message.Id < FlatIds)
                _flat[message.Id] = new FramingFacts(message).Packed;
        }
    }

    /// <summary>The catalog of the built-in dialects.</summary>
    public static MessageCatalog Default { get; } = new(GeneratedMessages.All());

    /// <summary>Every message, by ascending id.</summary>
    public IReadOnlyList<MessageInfo> Messages { get; }

    /// <summary>Looks a message up by its id.</summary>
    public bool TryFind(uint id, [NotNullWhen(true)] out MessageInfo? message) => _byId.TryGetValue(id, out message);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal FramingFacts Framing(uint id) =>
        id < FlatIds
            ? new(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_flat), id))
            : new(_high.GetValueOrDefault(id));
}

/// <summary>CRC_EXTRA and both lengths in one word, so that a frame costs one table load. Zero means unknown.</summary>
internal readonly record struct FramingFacts(uint Packed)
{
    public FramingFacts(MessageInfo message)
        : this(1u << 24 | (uint)message.MaxLength << 16 | (uint)message.MinLength << 8 | message.CrcExtra)
    {
    }

    public bool IsKnown => Packed != 0;

    public byte CrcExtra => (byte)Packed;

    public byte MinLength => (byte)(Packed >> 8);

    public byte MaxLength => (byte)(Packed >> 16);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DroneOps.Mavlink;

/// <summary>CRC-16/MCRF4XX, the checksum of MAVLink (polynomial 0x1021 reflected, initial value 0xFFFF, no final xor).
/// Sixteen bytes a step, then eight, then four: with a single table each byte waits for the one before it, and the checksum is two
/// thirds of a frame's cost. Slicing: Kounavis and Berry, "A Systematic Approach to Building High Performance Software-Based CRC
/// Generators", 2005.</summary>
public static class Crc16
{
    /// <summary>The value to start from.</summary>
    public const ushort Seed = 0xFFFF;

    private const int Slices = 16;

    private static readonly ushort[] Tables = BuildTables();

    /// <summary>Continues a checksum over more bytes.</summary>
    public static ushort Accumulate(ushort crc, ReadOnlySpan<byte> bytes)
    {
        ref var table = ref MemoryMarshal.GetArrayDataReference(Tables);
        ref var source = ref MemoryMarshal.GetReference(bytes);
        nint offset = 0;
        nint remaining = bytes.Length;
        uint value = crc;
        if (BitConverter.IsLittleEndian)
        {
            for (; remaining >= 16; offset += 16, remaining -= 16)
            {
                var low = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, offset)) ^ value;
                var high = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, offset + 8));
                value = (uint)(Of8(ref table, 8, low) ^ Of8(ref table, 0, high));
            }

            if (remaining >= 8)
            {
                value = (uint)Of8(ref table, 0, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, offset)) ^ value);
                offset += 8;
                remaining -= 8;
            }

            if (remaining >= 4)
            {
                value = (uint)Of4(ref table, 0, Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref source, offset)) ^ value);
                offset += 4;
                remaining -= 4;
            }
        }

        while (remaining-- > 0)
            value = (value >> 8) ^ At(ref table, 0, (byte)(value ^ Unsafe.Add(ref source, offset++)));
        return (ushort)value;
    }

    /// <summary>Continues a checksum over one byte.</summary>
    public static ushort Accumulate(ushort crc, byte value) =>
        (ushort)((crc >> 8) ^ At(ref MemoryMarshal.GetArrayDataReference(Tables), 0, (byte)(crc ^ value)));

    /// <summary>What eight bytes contribute, with <paramref name="slice"/> bytes of the step after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Of8(ref ushort table, int slice, ulong bytes) => Of4(ref table, slice + 4, (uint)bytes) ^ Of4(ref table, slice, (uint)(bytes >> 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Of4(ref ushort table, int slice, uint bytes) =>
        At(ref table, slice + 3, (byte)bytes) ^ At(ref table, slice + 2, (byte)(bytes >> 8)) ^ At(ref table, slice + 1, (byte)(bytes >> 16)) ^ At(ref table, slice, (byte)(bytes >> 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort At(ref ushort table, int slice, byte index) => Unsafe.Add(ref table, (slice << 8) + index);

    private static ushort[] BuildTables()
    {
        var tables = new ushort[Slices * 256];
        for (var i = 0; i < 256; i++)
        {
            var crc = (ushort)i;
            for (var bit = 0; bit < 8; bit++)
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ 0x8408 : crc >> 1);
            tables[i] = crc;
        }

        for (var slice = 1; slice < Slices; slice++)
        {
            for (var i = 0; i < 256; i++)
            {
                var before = tables[((slice - 1) << 8) + i];
                tables[(slice << 8) + i] = (ushort)((before >> 8) ^ tables[before & 0xFF]);
            }
        }

        return tables;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DroneOps.Mavlink;

/// <summary>CRC-16/MCRF4XX, the checksum of MAVLink (polynomial 0x1021 reflected, initial value 0xFFFF, no final xor).
/// Eight bytes a step: with a single table each byte waits for the one before it, and the checksum is two thirds of a frame's cost.</summary>
public static class Crc16
{
    /// <summary>The value to start from.</summary>
    public const ushort Seed = 0xFFFF;

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
            while (remaining >= 8)
            {
                var block = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, offset)) ^ value;
                value = (uint)(At(ref table, 7, (byte)block) ^ At(ref table, 6, (byte)(block >> 8))
                    ^ At(ref table, 5, (byte)(block >> 16)) ^ At(ref table, 4, (byte)(block >> 24))
                    ^ At(ref table, 3, (byte)(block >> 32)) ^ At(ref table, 2, (byte)(block >> 40))
                    ^ At(ref table, 1, (byte)(block >> 48)) ^ At(ref table, 0, (byte)(block >> 56)));
                offset += 8;
                remaining -= 8;
            }
        }

        while (remaining-- > 0)
            value = (value >> 8) ^ At(ref table, 0, (byte)(value ^ Unsafe.Add(ref source, offset++)));
        return (ushort)value;
    }

    /// <summary>Continues a checksum over one byte.</summary>
    public static ushort Accumulate(ushort crc, byte value) =>
        (ushort)((crc >> 8) ^ At(ref MemoryMarshal.GetArrayDataReference(Tables), 0, (byte)(crc ^ value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort At(ref ushort table, int slice, byte index) => Unsafe.Add(ref table, (slice << 8) + index);

    private static ushort[] BuildTables()
    {
        var tables = new ushort[8 * 256];
        for (var i = 0; i < 256; i++)
        {
            var crc = (ushort)i;
            for (var bit = 0; bit < 8; bit++)
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ 0x8408 : crc >> 1);
            tables[i] = crc;
        }

        for (var slice = 1; slice < 8; slice++)
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

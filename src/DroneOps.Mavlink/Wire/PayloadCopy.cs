using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DroneOps.Mavlink;

/// <summary>The copies that generated messages are made of.</summary>
internal static class PayloadCopy
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(ReadOnlySpan<byte> payload)
        where T : unmanaged
    {
        if (payload.Length >= Unsafe.SizeOf<T>())
            return Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(payload));
        return ReadTruncated<T>(payload);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write<T>(in T message, Span<byte> destination)
        where T : unmanaged
    {
        MemoryMarshal.Write(destination, in message);
        return Unsafe.SizeOf<T>();
    }

    public static void Fill<T>(Span<T> field, ReadOnlySpan<T> values)
    {
        if (values.Length > field.Length)
            throw new ArgumentException($"The field holds {field.Length} values, not {values.Length}.", nameof(values));
        values.CopyTo(field);
        field[values.Length..].Clear();
    }

    public static ushort Reverse(ushort value) => BinaryPrimitives.ReverseEndianness(value);

    public static short Reverse(short value) => BinaryPrimitives.ReverseEndianness(value);

    public static uint Reverse(uint value) => BinaryPrimitives.ReverseEndianness(value);

    public static int Reverse(int value) => BinaryPrimitives.ReverseEndianness(value);

    public static ulong Reverse(ulong value) => BinaryPrimitives.ReverseEndianness(value);

    public static long Reverse(long value) => BinaryPrimitives.ReverseEndianness(value);

    // By bits: a reversed float may be a signalling NaN, which must not pass through a floating-point register's rules.
    public static float Reverse(float value) => BitConverter.UInt32BitsToSingle(BinaryPrimitives.ReverseEndianness(BitConverter.SingleToUInt32Bits(value)));

    public static double Reverse(double value) => BitConverter.UInt64BitsToDouble(BinaryPrimitives.ReverseEndianness(BitConverter.DoubleToUInt64Bits(value)));

    public static void Reverse<T>(Span<T> values)
        where T : unmanaged
    {
        foreach (ref var value in values)
            MemoryMarshal.AsBytes(new Span<T>(ref value)).Reverse();
    }

    private static T ReadTruncated<T>(ReadOnlySpan<byte> payload)
        where T : unmanaged
    {
        T message = default;
        payload.CopyTo(MemoryMarshal.AsBytes(new Span<T>(ref message)));
        return message;
    }
}

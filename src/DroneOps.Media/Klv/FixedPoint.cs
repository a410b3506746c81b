using System.Buffers.Binary;

namespace DroneOps.Media.Klv;

/// <summary>A number as ST 0601 sends it: a range, spread evenly over the integers of two or four bytes.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Least">The least value; minus the greatest where the integer is signed, and then its lowest value means "out of range".</param>
/// <param name="Greatest">The greatest value.</param>
internal readonly record struct FixedPoint(int Bytes, double Least, double Greatest)
{
    private bool IsSigned => Least < 0 && Least == -Greatest;

    private double Steps => IsSigned ? Math.Pow(2, Bytes * 8 - 1) - 1 : Math.Pow(2, Bytes * 8) - 1;

    /// <summary>Null when the length is wrong, or the sender says that the value is out of range.</summary>
    public double? Read(ReadOnlySpan<byte> value)
    {
        if (value.Length != Bytes)
            return null;
        if (!IsSigned)
            return Least + (Greatest - Least) * (Bytes == 2 ? BinaryPrimitives.ReadUInt16BigEndian(value) : BinaryPrimitives.ReadUInt32BigEndian(value)) / Steps;
        long signed = Bytes == 2 ? BinaryPrimitives.ReadInt16BigEndian(value) : BinaryPrimitives.ReadInt32BigEndian(value);
        return signed < -Steps ? null : signed * Greatest / Steps;
    }

    /// <summary>Writes the nearest value. One beyond the range is sent as "out of range" where there is a sign for it, and as the range's end
    /// where there is none.</summary>
    public void Write(double number, Span<byte> into)
    {
        long integer;
        if (!IsSigned)
            integer = (long)Math.Round((Math.Clamp(double.IsNaN(number) ? Least : number, Least, Greatest) - Least) / (Greatest - Least) * Steps);
        else if (number >= Least && number <= Greatest)
            integer = (long)Math.Round(number / Greatest * Steps);
        else
            integer = -(long)Steps - 1;
        if (Bytes == 2)
            BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)integer);
        else
            BinaryPrimitives.WriteUInt32BigEndian(into, (uint)integer);
    }
}

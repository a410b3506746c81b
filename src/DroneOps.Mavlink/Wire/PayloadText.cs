using System.Text;
using System.Text.Unicode;

namespace DroneOps.Mavlink;

/// <summary>Text in <c>char[n]</c> fields: UTF-8, ended by a NUL unless it fills the field.</summary>
internal static class PayloadText
{
    public static string Read(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    public static void Write(string value, Span<byte> field)
    {
        field.Clear();
        // FromUtf16 stops before a character that does not fit, so the field never ends in half of one.
        _ = Utf8.FromUtf16(value, field, out _, out _, replaceInvalidSequences: true, isFinalBlock: true);
    }
}

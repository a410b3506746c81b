using System.Text;

namespace DroneOps.Server.Api;

/// <summary>In which characters and with which separator a file was written. Pure over the bytes.</summary>
internal static class SeparatedText
{
    private const int PieceBytes = 64 * 1024;
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What Chinese systems write besides UTF-8; GBK and GB 2312 are parts of it.</summary>
    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>Finds the encoding: what the marks at the front say, else UTF-8 when all of it is that, else GB18030 when all of it is that. The whole
    /// file is looked at: the first Chinese character may stand in its last line.</summary>
    /// <param name="text">The file; read to its end and set back.</param>
    /// <returns>Null when it is neither.</returns>
    public static Encoding? EncodingOf(Stream text)
    {
        Span<byte> front = stackalloc byte[2];
        text.Position = 0;
        var marked = text.ReadAtLeast(front, front.Length, throwOnEndOfStream: false) == front.Length
            ? front switch
            {
                [0xFF, 0xFE] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
                [0xFE, 0xFF] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
                _ => (Encoding?)null,
            }
            : null;
        var found = (marked is null ? new[] { Utf8, Gb18030 } : [marked]).FirstOrDefault(encoding => IsAll(text, encoding));
        text.Position = 0;
        return found;
    }

    /// <summary>The separator of a header: the one that stands in it most often, outside quotes.</summary>
    public static char SeparatorOf(string header)
    {
        var counts = new int[Separators.Length];
        var isQuoted = false;
        foreach (var character in header)
        {
            isQuoted ^= character == '"';
            if (!isQuoted && Array.IndexOf(Separators, character) is >= 0 and var index)
                counts[index]++;
        }

        return Separators[Array.IndexOf(counts, counts.Max())];
    }

    /// <summary>A heading as it is compared: letters and digits alone, what stands in brackets left out. <c>Reported At (UTC+8)</c> is <c>reportedat</c>.</summary>
    public static string Fold(string heading)
    {
        var folded = new StringBuilder(heading.Length);
        var depth = 0;
        foreach (var character in heading)
        {
            depth += character is '(' or '（' or '[' ? 1 : 0;
            if (depth == 0 && char.IsLetterOrDigit(character))
                folded.Append(char.ToLowerInvariant(character));
            depth -= character is ')' or '）' or ']' && depth > 0 ? 1 : 0;
        }

        return folded.ToString();
    }

    private static bool IsAll(Stream text, Encoding encoding)
    {
        text.Position = 0;
        var bytes = new byte[PieceBytes];
        var characters = new char[encoding.GetMaxCharCount(PieceBytes)];
        var decoder = encoding.GetDecoder();
        try
        {
            int read;
            do
            {
                read = text.Read(bytes, 0, bytes.Length);
                var count = decoder.GetChars(bytes, 0, read, characters, 0, flush: read == 0);

                // No text has it; a file of another kind does.
                if (characters.AsSpan(0, count).Contains('\0'))
                    return false;
            }
            while (read > 0);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>What a look into the received bytes gave.</summary>
internal enum RtspReading
{
    /// <summary>Nothing whole yet.</summary>
    Incomplete,

    /// <summary>A request.</summary>
    Request,

    /// <summary>What is no request; nothing that follows can be understood.</summary>
    Malformed,

    /// <summary>More than a request may be long; nothing that follows can be understood.</summary>
    TooLong,
}

/// <summary>Cuts what a viewer sends into requests (RFC 2326, 4 to 6). Between them may stand frames of the viewer's reports (10.12), and bodies, which
/// are passed over. What it reads comes from anybody, so it keeps no more than one request's bytes.</summary>
/// <remarks>Owner: the read loop of one connection.</remarks>
internal sealed class RtspReader
{
    /// <summary>The longest request line and headers together.</summary>
    public const int LongestRequest = 4096;

    /// <summary>The longest body, which nobody looks at.</summary>
    public const int LongestBody = 64 * 1024;

    private const int MostHeaders = 64;
    private const int FrameHeader = 4;

    private readonly byte[] _bytes = new byte[LongestRequest];
    private int _length;
    private int _skip;

    /// <summary>Frames of reports that were passed over.</summary>
    public long Frames { get; private set; }

    /// <summary>Room for the next bytes; never empty once <see cref="TryRead"/> has answered <see cref="RtspReading.Incomplete"/>.</summary>
    public Memory<byte> GetMemory() => _bytes.AsMemory(_length);

    /// <summary>That many were put there.</summary>
    public void Advance(int count) => _length += count;

    /// <summary>Takes out the next request.</summary>
    public RtspReading TryRead(out RtspRequest? request)
    {
        request = null;
        while (true)
        {
            var passed = Math.Min(_skip, _length);
            _skip -= passed;
            Drop(passed);

            // Empty lines before a request are no part of it (RFC 2326, 4.1).
            Drop(_bytes.AsSpan(0, _length).IndexOfAnyExcept((byte)'\r', (byte)'\n') is var begin and >= 0 ? begin : _length);
            if (_length == 0)
                return RtspReading.Incomplete;
            if (_bytes[0] != '$')
                return Read(out request);
            if (_length < FrameHeader)
                return RtspReading.Incomplete;
            Frames++;
            _skip = FrameHeader + BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(2));
        }
    }

    private RtspReading Read(out RtspRequest? request)
    {
        request = null;
        var (end, next) = EndOfHead();
        if (end < 0)
            return _length == LongestRequest ? RtspReading.TooLong : RtspReading.Incomplete;
        var lines = Encoding.Latin1.GetString(_bytes, 0, end).Split('\n');
        Drop(next);
        if (!TryParse(lines, out request, out var body))
            return RtspReading.Malformed;
        _skip = body;
        return body > LongestBody ? RtspReading.TooLong : RtspReading.Request;
    }

    // The head ends with an empty line. Lines end with CR LF; a lone LF is read, too (RFC 2326, 4).
    private (int End, int Next) EndOfHead()
    {
        var bytes = _bytes.AsSpan(0, _length);
        for (var at = 0; ; at++)
        {
            var found = bytes[at..].IndexOf((byte)'\n');
            if (found < 0)
                return (-1, 0);
            at += found;
            var rest = bytes[(at + 1)..];
            if (rest is [(byte)'\n', ..])
                return (at, at + 2);
            if (rest is [(byte)'\r', (byte)'\n', ..])
                return (at, at + 3);
        }
    }

    private static bool TryParse(string[] lines, [NotNullWhen(true)] out RtspRequest? request, out int body)
    {
        (request, body) = (null, 0);
        if (lines[0].TrimEnd('\r').Split(' ') is not [var method, var uri, "RTSP/1.0"] || lines.Length > MostHeaders + 1 || !IsMethod(method) || uri.Length == 0 || !uri.All(IsPlain))
            return false;
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            var text = line.TrimEnd('\r');
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !text[..colon].All(letter => IsPlain(letter) && letter != ' ') || text.Any(letter => char.IsControl(letter) && letter != '\t'))
                return false;
            headers.TryAdd(text[..colon], text[(colon + 1)..].Trim());
        }

        if (!TryNumber(headers.GetValueOrDefault("CSeq"), out var sequence) || (headers.GetValueOrDefault("Content-Length") is { } length && !TryNumber(length, out body)))
            return false;
        request = new(method, uri, sequence, headers);
        return true;
    }

    private static bool TryNumber(string? text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool IsMethod(string text) => text.Length is > 0 and <= 32 && text.All(letter => char.IsAsciiLetterUpper(letter) || letter == '_');

    private static bool IsPlain(char letter) => letter is > ' ' and < (char)127;

    private void Drop(int count)
    {
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _length -= count;
    }
}

using System.Text;
using System.Xml;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>What somebody sent.</summary>
internal enum CotReceived
{
    /// <summary>"Are you there?", which is answered.</summary>
    Ping,

    /// <summary>The answer to ours.</summary>
    Pong,

    /// <summary>Any other event; nobody looks at it.</summary>
    Other,

    /// <summary>No event.</summary>
    Malformed,

    /// <summary>More than an event may be long.</summary>
    TooLong,
}

/// <summary>Cuts a received stream into events, as TAK does: right after each <c>&lt;/event&gt;</c>. What it reads comes from whoever got a
/// connection, so it keeps no more than one event's bytes, allows no document type, opens nothing and looks only at the type.</summary>
/// <remarks>Owner: the read loop of one connection.</remarks>
internal sealed class CotReader
{
    /// <summary>The longest event; TAK's own clients take no longer one.</summary>
    public const int LongestEvent = 65536;

    private const int DeepestElement = 32;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = LongestEvent,
        MaxCharactersFromEntities = 1024,
        ConformanceLevel = ConformanceLevel.Document,
    };

    private readonly byte[] _bytes = new byte[LongestEvent];
    private int _length;
    private int _searched;
    private bool _skips;

    private static ReadOnlySpan<byte> End => "</event>"u8;

    /// <summary>Room for the next bytes; never empty once <see cref="TryRead"/> has answered false.</summary>
    public Memory<byte> GetMemory() => _bytes.AsMemory(_length);

    /// <summary>That many were put there.</summary>
    public void Advance(int count) => _length += count;

    /// <summary>Takes out the next event.</summary>
    public bool TryRead(out CotReceived received)
    {
        var found = _bytes.AsSpan(_searched, _length - _searched).IndexOf(End);
        if (found >= 0)
        {
            var end = _searched + found + End.Length;
            received = _skips ? CotReceived.TooLong : Judge(_bytes.AsSpan(0, end));
            Drop(end);
            _skips = false;
            return true;
        }

        received = default;
        if (_length == LongestEvent)
        {
            // The end may have begun in the last bytes.
            Drop(_length - (End.Length - 1));
            _skips = true;
        }

        _searched = Math.Max(0, _length - (End.Length - 1));
        return false;
    }

    private void Drop(int count)
    {
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _length -= count;
        _searched = 0;
    }

    private static CotReceived Judge(ReadOnlySpan<byte> document)
    {
        // As text, so that a declaration cannot choose another encoding.
        using StringReader text = new(Encoding.UTF8.GetString(document).TrimStart('\uFEFF', ' ', '\r', '\n', '\t'));
        using var xml = XmlReader.Create(text, Settings);
        try
        {
            if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "event")
                return CotReceived.Malformed;
            var type = xml.GetAttribute("type");
            while (xml.Read())
            {
                if (xml.Depth > DeepestElement)
                    return CotReceived.Malformed;
            }

            return type switch
            {
                null => CotReceived.Malformed,
                CotTasks.PingType => CotReceived.Ping,
                CotTasks.PongType => CotReceived.Pong,
                _ => CotReceived.Other,
            };
        }
        catch (XmlException)
        {
            return CotReceived.Malformed;
        }
    }
}

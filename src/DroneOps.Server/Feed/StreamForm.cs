using System.Buffers;
using System.Globalization;
using System.Text;

namespace DroneOps.Server.Feed;

/// <summary>How a message looks as a server-sent event (HTML standard, 9.2.6): its name, its id where it has one, its JSON on one line.</summary>
internal static class StreamForm
{
    /// <summary>Keeps proxies from ending a stream on which nothing happens.</summary>
    public static readonly ReadOnlyMemory<byte> Beat = ": \n\n"u8.ToArray();

    /// <summary>One event.</summary>
    public static ReadOnlyMemory<byte> Of(string name, IReadOnlyList<Encoded> bodies, bool isList, long? eventId)
    {
        ArrayBufferWriter<byte> text = new(64 + bodies.Sum(body => body.Json.Length + 1));
        text.Write("event: "u8);
        text.Write(Encoding.ASCII.GetBytes(name));
        if (eventId is { } id)
            text.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\nid: {id}")));
        text.Write("\ndata: "u8);
        for (var at = 0; at < bodies.Count; at++)
        {
            if (isList)
                text.Write(at == 0 ? "["u8 : ","u8);
            text.Write(bodies[at].Json);
        }

        text.Write(isList ? "]\n\n"u8 : "\n\n"u8);
        return text.WrittenMemory;
    }

    /// <summary>The beginning of a stream: how long to wait before coming back. It has no data, so no event is dispatched for it.</summary>
    public static ReadOnlyMemory<byte> Begin(TimeSpan retry) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {(long)retry.TotalMilliseconds}\n\n"));
}

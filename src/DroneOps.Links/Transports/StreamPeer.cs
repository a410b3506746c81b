using DroneOps.Mavlink;

namespace DroneOps.Links.Transports;

/// <summary>A peer whose bytes come as a stream: it keeps what is incomplete until the rest arrives.</summary>
internal sealed class StreamPeer(string name, Stream stream, MessageCatalog catalog) : LinkPeer(name)
{
    public Stream Stream { get; } = stream;

    public FrameReader Reader { get; } = new(catalog);

    /// <summary>Reads until the other side ends or the stream breaks.</summary>
    public async Task ReadAsync(IByteSink sink)
    {
        while (await Stream.ReadAsync(Reader.GetMemory()) is > 0 and var count)
        {
            Reader.Advance(count);
            sink.Stream(this, count);
        }
    }
}

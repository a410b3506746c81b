using DroneOps.Mavlink;

namespace DroneOps.Fuzz;

/// <summary>The frame scanner: every byte is either part of a frame or counted as skipped, and the stream reader, fed the same
/// bytes in pieces, finds the same frames up to the last incomplete one.</summary>
internal sealed class FrameTarget : IFuzzTarget
{
    public string Name => "frames";

    public void Run(ReadOnlySpan<byte> input)
    {
        var scanner = new FrameScanner(input, MessageCatalog.Default, isFinal: true);
        long framed = 0;
        while (scanner.TryRead(out var frame))
            framed += frame.Bytes.Length;
        if (framed + scanner.Counters.SkippedBytes != input.Length)
            throw new InvalidOperationException($"{framed} framed and {scanner.Counters.SkippedBytes} skipped bytes are not {input.Length}.");

        var reader = new FrameReader(MessageCatalog.Default);
        for (var at = 0; at < input.Length;)
        {
            var space = reader.GetMemory().Span;
            var piece = Math.Min(Math.Min(61, space.Length), input.Length - at);
            input.Slice(at, piece).CopyTo(space);
            reader.Advance(piece);
            at += piece;
            while (reader.TryRead(out _))
            {
            }
        }

        if (reader.Counters.Frames > scanner.Counters.Frames)
            throw new InvalidOperationException("The stream reader found frames that the datagram scan did not.");
    }
}

using DroneOps.Server.Video.Rtsp;

namespace DroneOps.Fuzz;

/// <summary>What a viewer sends by RTSP. However it is cut, the same requests are in it; and whatever their headers say, they are judged.</summary>
internal sealed class RtspTarget : IFuzzTarget
{
    private static readonly byte[] Key = new byte[16];

    public string Name => "rtsp";

    public void Run(ReadOnlySpan<byte> input)
    {
        var (whole, wholeEnd) = Read(input, int.MaxValue);
        var (pieces, piecesEnd) = Read(input, 7);
        if (wholeEnd != piecesEnd || !whole.Select(Text).SequenceEqual(pieces.Select(Text)))
            throw new InvalidOperationException("The pieces hold other requests than the whole.");
        foreach (var request in whole)
        {
            if (RtspTransport.Choose(request["Transport"]) is { } way && (way.First == way.Second || Math.Max(way.First, way.Second) > (way.IsInterleaved ? byte.MaxValue : ushort.MaxValue)))
                throw new InvalidOperationException("A way that cannot be gone.");
            if (DigestCheck.Parse(request["Authorization"])?.Proves(Key, "n", request) == true)
                throw new InvalidOperationException("A proof without the secret.");
            request.TryGetBase(out _);
        }
    }

    private static string Text(RtspRequest request) => $"{request.Method} {request.Uri} {request.Sequence} {string.Join('\n', request.Headers.Select(header => $"{header.Key}: {header.Value}"))}";

    private static (List<RtspRequest> Requests, RtspReading End) Read(ReadOnlySpan<byte> input, int piece)
    {
        RtspReader reader = new();
        List<RtspRequest> all = [];
        while (true)
        {
            RtspReading reading;
            while ((reading = reader.TryRead(out var request)) == RtspReading.Request)
                all.Add(request!);
            if (reading != RtspReading.Incomplete || input.IsEmpty)
                return (all, reading);
            var space = reader.GetMemory().Span;
            var count = Math.Min(Math.Min(piece, space.Length), input.Length);
            input[..count].CopyTo(space);
            reader.Advance(count);
            input = input[count..];
        }
    }
}

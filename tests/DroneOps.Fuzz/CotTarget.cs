using DroneOps.Server.CursorOnTarget;

namespace DroneOps.Fuzz;

/// <summary>A stream that a TAK client sends. However it is cut, it holds the same events, and no more of them than it has ends.</summary>
internal sealed class CotTarget : IFuzzTarget
{
    public string Name => "cot";

    public void Run(ReadOnlySpan<byte> input)
    {
        var whole = Read(input, int.MaxValue);
        if (!whole.SequenceEqual(Read(input, 61)))
            throw new InvalidOperationException("The pieces hold other events than the whole.");
        if (whole.Count != input.Count("</event>"u8))
            throw new InvalidOperationException($"{whole.Count} events were read.");
    }

    private static List<CotReceived> Read(ReadOnlySpan<byte> input, int piece)
    {
        CotReader reader = new();
        List<CotReceived> all = [];
        while (!input.IsEmpty)
        {
            var space = reader.GetMemory().Span;
            var count = Math.Min(Math.Min(piece, space.Length), input.Length);
            input[..count].CopyTo(space);
            reader.Advance(count);
            input = input[count..];
            while (reader.TryRead(out var received))
                all.Add(received);
        }

        return all;
    }
}

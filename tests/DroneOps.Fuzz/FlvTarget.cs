using DroneOps.Simulator.Camera;

namespace DroneOps.Fuzz;

/// <summary>The pipe of the simulated camera's encoder: every picture that is read begins with a start code, and what is no FLV is refused.</summary>
internal sealed class FlvTarget : IFuzzTarget
{
    public string Name => "flv";

    public void Run(ReadOnlySpan<byte> input)
    {
        var tags = new FlvTags(new MemoryStream(input.ToArray()));
        try
        {
            while (tags.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } picture)
            {
                if (!picture.Span.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 1]))
                    throw new InvalidOperationException("A picture without a start code.");
            }
        }
        catch (InvalidDataException)
        {
            // What the reader says of bytes that are no FLV.
        }
    }
}

using DroneOps.Media.Mp4;

namespace DroneOps.Fuzz;

/// <summary>The reader of recordings, on what a crash or a stranger left: it finds the same whether the bytes come at once or singly, and what it
/// calls complete is, when cut there, read again without a problem.</summary>
internal sealed class Mp4Target : IFuzzTarget
{
    public string Name => "mp4";

    public void Run(ReadOnlySpan<byte> input)
    {
        FragmentIndex whole = new();
        whole.Append(input);
        if (whole.CompleteLength > input.Length || whole.Position != input.Length)
            throw new InvalidOperationException($"{whole.CompleteLength} of {input.Length} bytes are said to be complete.");
        foreach (var sample in whole.Fragments.SelectMany(fragment => fragment.Samples))
        {
            if (sample.Offset < 0 || sample.Offset + sample.Size > whole.CompleteLength)
                throw new InvalidOperationException($"{sample} is outside of the file.");
        }

        FragmentIndex pieces = new();
        foreach (var one in input)
            pieces.Append([one]);
        FragmentIndex cut = new();
        cut.Append(input[..(int)whole.CompleteLength]);
        if (pieces.Fragments.Count != whole.Fragments.Count || pieces.Problem != whole.Problem || cut.Fragments.Count != whole.Fragments.Count || cut.Problem is not null)
            throw new InvalidOperationException("The same bytes gave something else in pieces, or cut where they are complete.");
    }
}

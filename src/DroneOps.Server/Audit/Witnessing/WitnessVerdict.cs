using System.Globalization;

namespace DroneOps.Server.Audit.Witnessing;

/// <summary>What a witness makes of a checkpoint that it is offered.</summary>
internal abstract record WitnessVerdict
{
    private WitnessVerdict()
    {
    }

    /// <summary>The log has only grown: sign.</summary>
    internal sealed record Grown : WitnessVerdict;

    /// <summary>Not to be signed, and nothing is proven by it.</summary>
    /// <param name="Reason">As a sentence.</param>
    internal sealed record Refused(string Reason) : WitnessVerdict;

    /// <summary>Two signed heads that cannot both be true: proof that the log was rewritten. Kept, and told to everyone.</summary>
    /// <param name="Reason">As a sentence.</param>
    internal sealed record Forked(string Reason) : WitnessVerdict;

    /// <summary>Decides.</summary>
    /// <param name="last">The head that the witness signed last; null the first time, when the log is taken as it is found.</param>
    /// <param name="offered">The head offered, its signature checked.</param>
    /// <param name="proof">The consistency proof from the one to the other.</param>
    public static WitnessVerdict Of(Checkpoint? last, Checkpoint offered, IReadOnlyList<byte[]> proof) => last switch
    {
        null => new Grown(),
        _ when last.Origin != offered.Origin => new Refused($"This is the log {offered.Origin}, not {last.Origin}."),
        _ when offered.Size < last.Size => new Refused(string.Create(CultureInfo.InvariantCulture, $"An old checkpoint of {offered.Size} entries is shown; {last.Size} were signed before.")),
        _ when offered.Size == last.Size && !offered.Root.AsSpan().SequenceEqual(last.Root) => new Forked(string.Create(CultureInfo.InvariantCulture, $"Two different logs of {last.Size} entries were signed with one key.")),
        _ when !MerkleTree.IsGrowth(last.Size, last.Root, offered.Size, offered.Root, proof) => new Forked(string.Create(CultureInfo.InvariantCulture, $"The log of {offered.Size} entries does not contain the log of {last.Size} that was signed before.")),
        _ => new Grown(),
    };
}

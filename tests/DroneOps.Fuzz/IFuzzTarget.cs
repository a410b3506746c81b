namespace DroneOps.Fuzz;

/// <summary>One parser under fuzzing. Targets are found by scanning this assembly: a new one is a class in a file
/// of its own, with a public constructor without parameters and seeds under <c>Corpus/NAME/</c>.</summary>
internal interface IFuzzTarget
{
    /// <summary>Short name, the name of the corpus folder.</summary>
    string Name { get; }

    /// <summary>Feeds one input to the parser. Any exception that leaves is a finding, so a target catches exactly
    /// the exceptions that its parser documents for bad input, and throws when a property is broken (for example
    /// when what was parsed does not survive being written and read again).</summary>
    void Run(ReadOnlySpan<byte> input);
}

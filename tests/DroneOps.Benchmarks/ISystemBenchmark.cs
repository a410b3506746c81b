namespace DroneOps.Benchmarks;

/// <summary>A measurement of a whole system (a server under load, a night of patrols), which runs once and prints its
/// own figures, next to BenchmarkDotNet's classes for single functions. Found by scanning this assembly.</summary>
internal interface ISystemBenchmark
{
    /// <summary>The name on the command line, in kebab case.</summary>
    string Name { get; }

    /// <summary>One line: what is measured, on what.</summary>
    string Summary { get; }

    /// <summary>Measures and prints.</summary>
    /// <returns>0 when every limit that the benchmark states for itself was kept, else 1.</returns>
    Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}

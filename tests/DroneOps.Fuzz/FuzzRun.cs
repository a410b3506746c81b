using System.Globalization;

namespace DroneOps.Fuzz;

/// <summary>Runs one target for a while: first its corpus as it is, then mutations of it. An exception that leaves the
/// target is a finding, and so is an input that takes longer than <see cref="Slow"/> (a parser that can be made to
/// spin is as dead as one that throws).</summary>
internal sealed class FuzzRun(IFuzzTarget target, string corpusFolder, string findingsFolder, TimeProvider time)
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> _seen = [];

    /// <summary>Inputs fed so far.</summary>
    public long Executions { get; private set; }

    /// <summary>Distinct findings, by the exception's type and the place that threw it.</summary>
    public int Findings => _seen.Count;

    /// <summary>Runs until the time is over or <paramref name="maxFindings"/> were found.</summary>
    /// <returns>Executions per second.</returns>
    public double Run(TimeSpan duration, int seed, int maxFindings)
    {
        List<byte[]> corpus = ReadCorpus();
        Mutator mutator = new(corpus, seed);
        long began = time.GetTimestamp();
        foreach (byte[] input in corpus)
            Execute(input);
        while (Findings < maxFindings && time.GetElapsedTime(began) < duration)
            Execute(mutator.Next());
        return Executions / Math.Max(time.GetElapsedTime(began).TotalSeconds, 1e-3);
    }

    private List<byte[]> ReadCorpus()
    {
        string folder = Path.Combine(corpusFolder, target.Name);
        List<byte[]> corpus = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
            : [];
        if (corpus.Count == 0)
            throw new InvalidOperationException($"The target {target.Name} has no corpus: put real inputs into {folder}.");
        return corpus;
    }

    private void Execute(byte[] input)
    {
        Executions++;
        long began = time.GetTimestamp();
        try
        {
            target.Run(input);
        }
        catch (Exception finding)
        {
            string place = finding.StackTrace?.Split('\n')[0].Trim() ?? "nowhere";
            Report($"{finding.GetType().Name} {place}", finding.ToString(), input);
            return;
        }

        TimeSpan took = time.GetElapsedTime(began);
        if (took > Slow)
            Report("slow", string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s for {input.Length} bytes"), input);
    }

    private void Report(string key, string text, byte[] input)
    {
        if (!_seen.Add(key))
            return;
        Directory.CreateDirectory(findingsFolder);
        string path = Path.Combine(findingsFolder, $"{target.Name}-{_seen.Count}.bin");
        File.WriteAllBytes(path, input);
        Console.Error.WriteLine($"{target.Name}: {text}{Environment.NewLine}  input saved to {path}");
    }
}

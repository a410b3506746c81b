using System.Text.RegularExpressions;
using Xunit;

namespace DroneOps.Architecture.Tests;

public sealed partial class SourceTests
{
    private const int MaxLines = 400;

    private static IEnumerable<string> TestSources => Repository.Sources.Where(path => path.StartsWith("tests/", StringComparison.Ordinal));

    [Fact]
    public void Program_cs_of_the_server_is_a_table_of_contents() =>
        Assert.InRange(Repository.ReadLines("src/DroneOps.Server/Program.cs").Length, 1, 60);

    [Fact]
    public void A_source_file_can_be_read_in_one_sitting() =>
        Violations.None($"More than {MaxLines} lines; split by concern:", Repository.Files
            .Where(path => Path.GetExtension(path) is ".cs" or ".ts" or ".svelte" && !path.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(path => (path, count: Repository.ReadLines(path).Length)).Where(file => file.count > MaxLines)
            .Select(file => $"{file.path}: {file.count}"));

    [Fact]
    public void No_file_is_too_large_for_version_control() =>
        Violations.None("More than 1 MiB:", Repository.Files.Where(path => new FileInfo(Path.Combine(Repository.Root, path)).Length > 1 << 20));

    [Fact]
    public void No_source_is_folded_away_or_left_unfinished() =>
        Violations.None("Regions and marks of unfinished work:", Find(Repository.Sources.Concat(ConsoleSources()), Unfinished()));

    [Fact]
    public void No_text_names_a_place_on_one_machine() =>
        Violations.None("Paths of somebody's machine:", Find(Repository.TextFiles, MachinePath()));

    [Fact]
    public void A_test_waits_for_events_and_never_for_the_clock() =>
        Violations.None("Tests do not sleep:", Find(TestSources, Sleep()));

    [Fact]
    public void No_test_is_skipped() =>
        Violations.None("A missing component fails the build, it is not skipped:", Find(TestSources.Concat(ConsoleSources()), Skip()));

    [Fact]
    public void The_name_of_a_test_is_a_sentence() =>
        Violations.None("Words with underscores, the first one with a capital:", TestSources
            .SelectMany(path => TestMethod().Matches(Repository.Read(path)), (path, match) => (path, name: match.Groups["name"].Value))
            .Where(test => !Sentence().IsMatch(test.name)).Select(test => $"{test.path}: {test.name}"));

    [Fact]
    public void Every_fuzz_target_has_a_committed_corpus() =>
        Violations.None("No seeds in tests/DroneOps.Fuzz/Corpus:", Repository.Sources
            .Where(path => path.StartsWith("tests/DroneOps.Fuzz/", StringComparison.Ordinal))
            .SelectMany(path => TargetName().Matches(Repository.Read(path)), (_, match) => match.Groups["name"].Value)
            .Where(name => !Repository.Files.Any(path => path.StartsWith($"tests/DroneOps.Fuzz/Corpus/{name}/", StringComparison.Ordinal))));

    [Theory]
    [InlineData("see /" + "home/someone/notes", true)]
    [InlineData("log to \"/" + "tmp/x\"", true)]
    [InlineData("data in /var/lib/droneops", false)]
    [InlineData("GET /api/v1/vehicles/{id}/home/position", false)]
    public void The_search_for_machine_paths_finds_those_and_nothing_else(string text, bool found) =>
        Assert.Equal(found, MachinePath().IsMatch(text));

    private static IEnumerable<string> ConsoleSources() =>
        Repository.Files.Where(path => path.StartsWith("src/console/", StringComparison.Ordinal) && Path.GetExtension(path) is ".ts" or ".svelte");

    private static IEnumerable<string> Find(IEnumerable<string> files, Regex pattern) => files
        .SelectMany(path => Repository.ReadLines(path).Select((line, index) => (path, line, number: index + 1)))
        .Where(place => pattern.IsMatch(place.line)).Select(place => $"{place.path}:{place.number}: {place.line.Trim()}");

    // Each pattern is written so that it does not find itself.
    [GeneratedRegex(@"^\s*#\s*region|\b(TO[D]O|FIX[M]E|HA[C]K)\b|NotImplemented[E]xception")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"(?<![\w.}/:-])/(home|root|tmp|work|Users)/\w")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\bThread\s*\.\s*Sleep\b|\bTask\s*\.\s*Delay\b|\bSpinWait\s*\.\s*SpinUntil\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bSkip(Unless|When)?\s*=\s*|\bAssert\s*\.\s*Skip|\b(it|test|describe)\s*\.\s*(skip|todo|only)\b")]
    private static partial Regex Skip();

    [GeneratedRegex(@"\[(?:Fact|Theory|Property)\b[^\]]*\](?:\s*\[[^\n]*\])*\s*public\s+(?:async\s+)?(?:static\s+)?[\w<>\[\]?.]+\s+(?<name>\w+)\s*\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+){2,}$")]
    private static partial Regex Sentence();

    [GeneratedRegex(@": IFuzzTarget\b[\s\S]*?string Name => ""(?<name>[^""]+)""")]
    private static partial Regex TargetName();
}

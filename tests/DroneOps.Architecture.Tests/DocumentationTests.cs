using System.Text.RegularExpressions;
using Xunit;

namespace DroneOps.Architecture.Tests;

public sealed partial class DocumentationTests
{
    private static IEnumerable<string> Pages => Repository.Files.Where(path => path.EndsWith(".md", StringComparison.Ordinal) && !path.StartsWith("tests/", StringComparison.Ordinal));

    [Fact]
    public void A_command_that_a_page_tells_the_reader_to_run_exists_in_the_script()
    {
        string script = Repository.Read("dev");
        string[] commands = [.. HelpLine().Matches(script).Select(match => match.Groups["name"].Value)];
        Assert.NotEmpty(commands);
        Violations.None("./dev has no such command:", Pages
            .SelectMany(path => Command().Matches(Repository.Read(path)), (path, match) => (path, name: match.Groups["name"].Value))
            .Where(use => !commands.Contains(use.name)).Select(use => $"{use.path}: ./dev {use.name}"));
    }

    [Fact]
    public void A_link_from_page_to_page_leads_somewhere() =>
        Violations.None("Broken links:", Pages
            .SelectMany(path => Link().Matches(Repository.Read(path)), (path, match) => (path, target: match.Groups["target"].Value))
            .Where(link => !link.target.Contains("://", StringComparison.Ordinal) && !Exists(link.path, link.target))
            .Select(link => $"{link.path}: {link.target}"));

    [Fact]
    public void A_path_that_the_readme_names_exists() =>
        Violations.None("Named in README.md, not in the tree:", NamedPath().Matches(Repository.Read("README.md"))
            .Select(match => match.Groups["path"].Value).Where(path => !Exists("README.md", path)));

    private static bool Exists(string page, string target)
    {
        string path = Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, target.Split('#')[0]);
        return File.Exists(path) || Directory.Exists(path);
    }

    [GeneratedRegex(@"^  (?<name>[a-z]+) ", RegexOptions.Multiline)]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"\./dev (?<name>[a-z]+)")]
    private static partial Regex Command();

    [GeneratedRegex(@"\]\((?<target>[^)\s#][^)\s]*)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<path>(?:src|missions|simulators|firmware-bridge|tests|docs)/[\w./-]*)`")]
    private static partial Regex NamedPath();
}

using System.Xml.Linq;
using DroneOps.Tests;

namespace DroneOps.Architecture.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    // What builds and runs leave behind, and what others wrote.
    private static readonly HashSet<string> NotOurs = new(StringComparer.Ordinal)
    {
        "bin", "obj", "node_modules", "artifacts", "data", "dist", "wwwroot", "test-results", ".git", ".vs", "BenchmarkDotNet.Artifacts",
    };

    private static readonly HashSet<string> TextExtensions = new(StringComparer.Ordinal)
    {
        ".cs", ".csproj", ".props", ".targets", ".md", ".ts", ".svelte", ".css", ".html", ".js", ".mjs", ".json", ".xml", ".sln", ".txt", ".sh", ".service", ".yml", ".toml", "",
    };

    /// <summary>The folder that holds the solution.</summary>
    public static string Root => Checkout.Root;

    /// <summary>Every file of ours, as a path from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Walk(Root).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>The files of ours that hold text.</summary>
    public static IEnumerable<string> TextFiles => Files.Where(path => TextExtensions.Contains(Path.GetExtension(path)));

    /// <summary>The C# sources.</summary>
    public static IEnumerable<string> Sources => Files.Where(path => path.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>The projects, by name.</summary>
    public static IReadOnlyDictionary<string, ProjectFile> Projects { get; } = Files
        .Where(path => path.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(path => new ProjectFile(path, XDocument.Load(Path.Combine(Root, path))))
        .ToDictionary(project => project.Name);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] ReadLines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(child => !NotOurs.Contains(Path.GetFileName(child))).SelectMany(Walk));
}

/// <summary>A project file and what it names.</summary>
internal sealed record ProjectFile(string Path, XDocument Xml)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>The projects that it references, analyzers left out: those do not end up in its output.</summary>
    public IEnumerable<string> References => Xml.Descendants("ProjectReference")
        .Where(item => item.Attribute("OutputItemType")?.Value != "Analyzer")
        .Select(item => System.IO.Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value.Replace('\\', '/')));

    public IEnumerable<string> Packages => Xml.Descendants("PackageReference").Select(item => item.Attribute("Include")!.Value);
}

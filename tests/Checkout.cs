namespace DroneOps.Tests;

/// <summary>The checkout that the tests were built from, for what they read from it rather than from beside themselves.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file or folder of it.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>One of the files that other implementations made, below <c>tests/Golden</c>.</summary>
    public static string Golden(params ReadOnlySpan<string> parts) => Path.Combine([Root, "tests", "Golden", .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DroneOps.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"DroneOps.sln is not above {AppContext.BaseDirectory}: the tests run outside a checkout of the project.");
    }
}

namespace DroneOps.Mavlink.Tests;

/// <summary>Finds tests/Golden from wherever the tests run.</summary>
internal static class Golden
{
    public static string PathOf(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "Golden", name);
            if (File.Exists(Path.Combine(folder.FullName, "DroneOps.sln")))
                return candidate;
        }

        throw new DirectoryNotFoundException("DroneOps.sln is not above " + AppContext.BaseDirectory);
    }
}

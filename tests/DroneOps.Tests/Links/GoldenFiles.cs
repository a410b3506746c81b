namespace DroneOps.Tests.Links;

/// <summary>Finds tests/Golden from wherever the tests run.</summary>
internal static class GoldenFiles
{
    public static string PathOf(params string[] parts)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DroneOps.sln")))
                return Path.Combine([folder.FullName, "tests", "Golden", .. parts]);
        }

        throw new DirectoryNotFoundException("DroneOps.sln is not above " + AppContext.BaseDirectory);
    }
}

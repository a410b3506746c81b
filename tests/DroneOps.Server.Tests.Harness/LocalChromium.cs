namespace DroneOps.Server.Tests.Harness;

/// <summary>The machine's own Chromium, as tests and measurements start it.</summary>
public static class LocalChromium
{
    // The container of a build machine has no user namespaces and no graphics card; nothing but the service may be spoken to.
    private static readonly string[] Common =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ];

    /// <summary>How it is started.</summary>
    public static IReadOnlyList<string> Switches => Common;

    /// <summary>Where it is.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string Find() =>
        (from name in (string[])["chromium", "chromium-browser", "google-chrome"]
         from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
         select Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("No Chromium on the PATH: install the package chromium, or let ./dev test do it.");
}

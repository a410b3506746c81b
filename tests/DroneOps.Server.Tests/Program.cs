using DroneOps.Server.Tests.Harness.Ledger;
using DroneOps.Server.Tests.Video;

namespace DroneOps.Server.Tests;

/// <summary>The tests, or with <c>record FOLDER</c> or <c>ledger ...</c> the process that they kill.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        ["ledger", .. var written] => LedgerWriter.RunAsync(written, CancellationToken.None),
        ["record", var folder] => RecorderHost.RunAsync(folder),
        _ when args.Contains("--server") => Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
    };
}

using Microsoft.Extensions.Logging;

namespace DroneOps.Links;

/// <summary>How long to wait before a link is opened again.</summary>
public sealed record BackOff
{
    /// <summary>After the first failure.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Never longer than this: a vehicle in the air waits for the link.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A link that was open for this long starts from <see cref="First"/> again.</summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait before the next attempt: doubled each time, and up to half of it taken off at random, so that
    /// many bridges that lost one server do not come back in step.</summary>
    /// <param name="failures">Attempts that failed in a row, 1 or more.</param>
    /// <param name="random">Where chance comes from.</param>
    public TimeSpan Next(int failures, Random random)
    {
        var doubled = First * Math.Pow(2, Math.Min(failures - 1, 30));
        var wait = doubled < Longest ? doubled : Longest;
        return wait * (1 - (random.NextDouble() / 2));
    }
}

/// <summary>Keeps one link open: opens it, and opens it again after it broke, until told to stop. Owns the link's runs,
/// not the link.</summary>
public sealed partial class LinkKeeper(Link link, BackOff backOff, Random random, TimeProvider time, ILogger<LinkKeeper> logger)
{
    /// <summary>Runs until the token ends it; then the link is closed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            var cause = await link.RunAsync(cancellationToken);
            if (cancellationToken.IsCancellationRequested || cause is null)
                return;
            failures = time.GetElapsedTime(began) >= backOff.Settled ? 1 : failures + 1;
            var wait = backOff.Next(failures, random);
            LogWaiting(link.Uri, cause.Message, wait.TotalSeconds, failures);
            try
            {
                await Task.Delay(wait, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Link {Uri} failed ({Reason}); trying again in {Seconds:0.0} s, failure {Failures} in a row")]
    private partial void LogWaiting(LinkUri uri, string reason, double seconds, int failures);
}

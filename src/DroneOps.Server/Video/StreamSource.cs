using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video;

/// <summary>The life of one stream's source: closed, opening, giving pictures, stalled, closing; and again, with longer pauses the longer it fails.</summary>
/// <remarks>Owner: its own loop, the only one that opens and closes the source.</remarks>
internal sealed partial class StreamSource(
    VideoStream stream, Func<StreamSettings, StreamInput> openInput, FirstPictures firsts, IOptions<VideoOptions> options, TimeProvider time, ILogger<StreamSource> logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A program that fetches and gives nothing for so long is started anew.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly TimeSpan _idleAfter = TimeSpan.FromSeconds(options.Value.IdleAfterS);

    private enum End
    {
        /// <summary>Nobody wants it any more.</summary>
        NotWanted,

        /// <summary>It ended, or gives nothing.</summary>
        Broken,
    }

    /// <summary>Lives until the service ends.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await stream.WhenWantedAsync(stopping);
                stream.Open(time.GetUtcNow());
                await ServeAsync(stopping);
                stream.Closed();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Closing.
        }
        finally
        {
            stream.Closed();
            stream.Live.End();
        }
    }

    /// <summary>The pause before the next try: doubled with each failure, and never the same for two sources that failed together.</summary>
    internal static TimeSpan PauseAfter(int failures, double lot)
    {
        var pause = ShortestPause * Math.Pow(2, Math.Min(failures - 1, 10));
        return (pause < LongestPause ? pause : LongestPause) * (0.75 + (0.5 * lot));
    }

    private async Task ServeAsync(CancellationToken stopping)
    {
        for (var failures = 0; ;)
        {
            var before = stream.Live.Pictures;
            try
            {
                if (await OnceAsync(stopping) == End.NotWanted)
                    return;
            }
            catch (IOException trouble)
            {
                if (stream.Trouble != trouble.Message)
                    LogBroken(stream.Settings, trouble.Message);
                stream.Fail(trouble.Message);
            }
            catch (Exception trouble) when (!stopping.IsCancellationRequested)
            {
                // Nothing that we know of, and no reason to do without this camera until the next start.
                LogFailed(trouble, stream.Settings);
                stream.Fail(trouble.Message);
            }

            failures = stream.Live.Pictures > before ? 1 : failures + 1;
            await Task.Delay(PauseAfter(failures, Random.Shared.NextDouble()), time, stopping);
            if (!stream.IsWanted)
                return;
        }
    }

    private async Task<End> OnceAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        StreamIntake intake = new(stream, firsts, time, logger);
        var input = openInput(stream.Settings);
        stream.Figures.AddStart();
        Task? reading = null;
        try
        {
            reading = input.ReadAsync(intake, ending.Token);
            return await WatchAsync(reading, stopping);
        }
        finally
        {
            if (!stream.IsWanted || stopping.IsCancellationRequested)
                stream.Close();
            await ending.CancelAsync();
            await input.DisposeAsync();
            if (reading is not null)
                await reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            intake.Dispose();
        }
    }

    private async Task<End> WatchAsync(Task reading, CancellationToken stopping)
    {
        using PeriodicTimer timer = new(Look, time);
        var began = time.GetUtcNow();
        var told = stream.StateAt(began);
        DateTimeOffset? unwatchedSince = null;
        while (true)
        {
            await Task.WhenAny(reading, timer.WaitForNextTickAsync(stopping).AsTask());
            stopping.ThrowIfCancellationRequested();
            if (reading.IsCompleted)
            {
                await reading;
                return End.Broken;
            }

            var now = time.GetUtcNow();
            var state = stream.StateAt(now);
            if (state != told)
            {
                LogState(stream.Settings, state);
                told = state;
                if (state == StreamState.Live)
                    stream.Fail(null);
                stream.Live.Nudge();
            }

            unwatchedSince = stream.IsWanted ? null : unwatchedSince ?? now;
            if (now - unwatchedSince >= _idleAfter)
                return End.NotWanted;
            if (stream.Settings.Address.IsFetched && now - Newest(began) > Patience)
                throw new IOException("It gave no picture for too long.");
        }
    }

    private DateTimeOffset Newest(DateTimeOffset began) => stream.Live.LastAt is { } last && last > began ? last : began;

    [LoggerMessage(LogLevel.Information, "Video {Stream} is {State}")]
    private partial void LogState(StreamSettings stream, StreamState state);

    [LoggerMessage(LogLevel.Warning, "Video {Stream} broke off: {Trouble}")]
    private partial void LogBroken(StreamSettings stream, string trouble);

    [LoggerMessage(LogLevel.Error, "Video {Stream} failed, and is tried again")]
    private partial void LogFailed(Exception trouble, StreamSettings stream);
}

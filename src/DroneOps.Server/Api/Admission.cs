using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Api;

/// <summary>Marks endpoints that open something lasting, such as a feed: after a restart everybody comes back at once, and what each costs at its
/// beginning (identity, the whole picture) must not be paid for thousands of them while those who are in already wait.</summary>
internal sealed class Admitted
{
    private Admitted()
    {
    }

    /// <summary>The mark.</summary>
    public static Admitted Mark { get; } = new();
}

/// <summary>Lets a few begin at a time; the next wait in a bounded line, and who finds it full is told to come again later. Stands before the
/// check of identity, which asks the database. Safe to share.</summary>
internal sealed class AdmissionLine(TimeProvider time) : IDisposable
{
    /// <summary>How many begin at a time.</summary>
    public const int AtOnce = 8;

    /// <summary>How many wait; at a few hundred a second nobody waits longer than his patience.</summary>
    public const int MostWaiting = 1000;

    /// <summary>One that takes longer than this to begin (its network is slow, it is not in earnest) does not hold up the next.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private const int SoonestS = 1;
    private const int LatestS = 8;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = AtOnce,
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for a place.</summary>
    /// <returns>Null when the line is full.</returns>
    public async ValueTask<Admission?> EnterAsync(CancellationToken cancellation)
    {
        var lease = await _limiter.AcquireAsync(1, cancellation);
        if (lease.IsAcquired)
            return new Admission(lease, time);
        lease.Dispose();
        return null;
    }

    /// <summary>When to come again: drawn by lot, so that those who were refused together do not come together.</summary>
    public static int RetryAfterS() => Random.Shared.Next(SoonestS, LatestS + 1);

    public void Dispose() => _limiter.Dispose();
}

/// <summary>One place among those who begin; a feature of the request. Whoever has begun gives it up with <see cref="Dispose"/>.</summary>
internal sealed class Admission : IDisposable
{
    private readonly RateLimitLease _lease;
    private readonly ITimer _timer;
    private int _isGivenUp;

    public Admission(RateLimitLease lease, TimeProvider time)
    {
        _lease = lease;
        _timer = time.CreateTimer(_ => Dispose(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(AdmissionLine.Longest, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isGivenUp, 1) != 0)
            return;
        _timer.Dispose();
        _lease.Dispose();
    }
}

/// <summary>Sends requests to marked endpoints through the line. Whoever comes while the service closes is sent away: those who were just sent home come again at
/// once, and what one of them opened then nobody would close, so that the service waited for it to the end of its patience.</summary>
internal sealed class AdmissionCheck(RequestDelegate next, AdmissionLine line, IHostApplicationLifetime lifetime)
{
    private const string ComeAgain = "Come again after the time in Retry-After.";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Admitted>() is null)
        {
            await next(context);
            return;
        }

        using var admission = await line.EnterAsync(context.RequestAborted);
        if (admission is null)
        {
            await SendAwayAsync(context, Problems.Other(StatusCodes.Status503ServiceUnavailable, "too-many-requests", "Too many come at once.", ComeAgain));
            return;
        }

        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await SendAwayAsync(context, Problems.Other(StatusCodes.Status503ServiceUnavailable, "closing", "The service closes.", ComeAgain));
            return;
        }

        context.Features.Set(admission);
        await next(context);
    }

    private static Task SendAwayAsync(HttpContext context, ProblemHttpResult why)
    {
        context.Response.Headers.RetryAfter = AdmissionLine.RetryAfterS().ToString(CultureInfo.InvariantCulture);
        return why.ExecuteAsync(context);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Net.Sockets;

namespace DroneOps.Server.Webhooks;

/// <summary>How an attempt ended; stable words, for translation.</summary>
internal enum AttemptOutcome
{
    Delivered,
    Validated,
    Gone,
    UnsupportedMediaType,
    TooManyRequests,
    Redirected,
    Status,
    NotValidated,
    TimedOut,
    CertificateRefused,
    NameNotResolved,
    AddressNotAllowed,
    HostNotAllowed,
    ConnectionFailed,
}

/// <summary>What an attempt came to, and what follows. Decided here, without I/O.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Status">The HTTP status, when one came.</param>
/// <param name="Detail">In English, for a person.</param>
/// <param name="NotBefore">When the receiver wants to hear from us again; null when it named no time.</param>
/// <param name="PerMinute">Deliveries that the receiver takes in a minute, when it said so in the handshake.</param>
internal sealed record Verdict(AttemptOutcome Outcome, int? Status, string Detail, DateTimeOffset? NotBefore, int? PerMinute)
{
    /// <summary>The longest a receiver can make us wait: an event is not kept longer.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    public bool IsDelivered => Outcome == AttemptOutcome.Delivered;

    public bool IsFailure => Outcome is not (AttemptOutcome.Delivered or AttemptOutcome.Validated);

    /// <summary>Of an answer to a delivery (CloudEvents HTTP 1.1 Web Hooks, 2.2).</summary>
    public static Verdict OfDelivery(HttpResponseMessage answer, DateTimeOffset now) => answer.StatusCode switch
    {
        HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted or HttpStatusCode.NoContent => Of(AttemptOutcome.Delivered, answer, "Delivered."),
        _ => OfRefusal(answer, now),
    };

    /// <summary>Of an answer to the handshake (section 4).</summary>
    public static Verdict OfHandshake(HttpResponseMessage answer, string origin, DateTimeOffset now)
    {
        if (!answer.IsSuccessStatusCode && answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented))
            return OfRefusal(answer, now);
        var allowed = answer.Headers.TryGetValues("WebHook-Allowed-Origin", out var origins)
            && origins.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)).Any(value => value == "*" || value.Equals(origin, StringComparison.OrdinalIgnoreCase));
        if (!answer.IsSuccessStatusCode || !allowed)
            return Of(AttemptOutcome.NotValidated, answer, $"The receiver did not agree: OPTIONS was answered {(int)answer.StatusCode} without WebHook-Allowed-Origin: {origin}.");
        var rate = answer.Headers.TryGetValues("WebHook-Allowed-Rate", out var rates) && int.TryParse(rates.First(), out var perMinute) && perMinute > 0 ? perMinute : (int?)null;
        return Of(AttemptOutcome.Validated, answer, "The receiver agreed.") with { PerMinute = rate };
    }

    /// <summary>Of an attempt that brought no answer; null for an exception that is a mistake of ours.</summary>
    public static Verdict? OfException(Exception problem)
    {
        for (var cause = problem; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case ForbiddenAddressException:
                    return new(AttemptOutcome.AddressNotAllowed, null, cause.Message, null, null);
                case AuthenticationException:
                    return new(AttemptOutcome.CertificateRefused, null, $"No trusted TLS connection: {cause.Message}", null, null);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return new(AttemptOutcome.NameNotResolved, null, "The host's name is not known.", null, null);
                default:
                    break;
            }
        }

        return problem switch
        {
            OperationCanceledException => new(AttemptOutcome.TimedOut, null, "No answer in time.", null, null),
            HttpRequestException or IOException or SocketException => new(AttemptOutcome.ConnectionFailed, null, $"No answer: {problem.Message}", null, null),
            _ => null,
        };
    }

    private static Verdict OfRefusal(HttpResponseMessage answer, DateTimeOffset now) => answer.StatusCode switch
    {
        HttpStatusCode.Gone => Of(AttemptOutcome.Gone, answer, "The receiver is gone for good (410)."),
        HttpStatusCode.UnsupportedMediaType => Of(AttemptOutcome.UnsupportedMediaType, answer, $"The receiver does not take {Envelope.MediaType} (415)."),
        HttpStatusCode.TooManyRequests => Of(AttemptOutcome.TooManyRequests, answer, "The receiver asked for a pause (429).") with { NotBefore = Pause(answer.Headers.RetryAfter, now) },
        >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest =>
            Of(AttemptOutcome.Redirected, answer, $"The receiver redirected ({(int)answer.StatusCode}); redirects are not followed. Enter the address it leads to."),
        var status => Of(AttemptOutcome.Status, answer, $"The receiver answered {(int)status}.") with { NotBefore = Pause(answer.Headers.RetryAfter, now) },
    };

    private static Verdict Of(AttemptOutcome outcome, HttpResponseMessage answer, string detail) => new(outcome, (int)answer.StatusCode, detail, null, null);

    private static DateTimeOffset? Pause(RetryConditionHeaderValue? wanted, DateTimeOffset now)
    {
        var until = wanted?.Date ?? (wanted?.Delta is { } wait ? now + (wait < LongestPause ? wait : LongestPause) : null);
        return until is not { } at || at <= now ? null : at < now + LongestPause ? at : now + LongestPause;
    }
}

/// <summary>How long a failing receiver is left alone.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Doubles with each failure up to an hour; a fifth more or less, so that receivers that fell together are not called together.</summary>
    /// <param name="failures">In a row; at least 1.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan After(int failures, double chance)
    {
        var steady = Math.Min(First.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 20)), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(steady * (0.8 + (0.4 * chance)));
    }
}

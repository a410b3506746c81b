using System.Security.Cryptography;
using System.Text;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Api;

/// <summary>POST with an <c>Idempotency-Key</c>: the same key and body get the same answer for 24 hours, another body
/// under the same key is refused (422). The key is written down before the handler runs, so that a repeat after a
/// crash is told "outcome unknown" (409) instead of doing the thing twice.</summary>
/// <remarks>Some answers carry what is shown once (a token, a secret, a crew's link), so answers are kept encrypted with the service's keys.</remarks>
internal sealed class Idempotency(RequestDelegate next, IDbContextFactory<FleetDb> databases, IDataProtectionProvider protection, TimeProvider time)
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);
    private const int MaxKeyLength = 200;

    private readonly IDataProtector _protector = protection.CreateProtector("DroneOps.Idempotency");

    public async Task InvokeAsync(HttpContext context)
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length == 0 || !HttpMethods.IsPost(context.Request.Method) || context.User.Identity is not { IsAuthenticated: true })
        {
            await next(context);
            return;
        }

        if (key.Length > MaxKeyLength)
        {
            await Problems.Invalid(new Fault(Header, $"{Header} is at most {MaxKeyLength} characters.")).ExecuteAsync(context);
            return;
        }

        var actor = context.User.Actor();
        var fingerprint = await FingerprintAsync(context.Request, context.RequestAborted);
        if (await ClaimAsync(actor, key, fingerprint, context.RequestAborted) is { } earlier)
        {
            await AnswerAgainAsync(context, earlier, fingerprint);
            return;
        }

        await RunAndKeepAsync(context, actor, key);
    }

    private static async Task<byte[]> FingerprintAsync(HttpRequest request, CancellationToken cancellation)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private async Task AnswerAgainAsync(HttpContext context, IdempotentRequest earlier, byte[] fingerprint)
    {
        if (!earlier.Fingerprint.AsSpan().SequenceEqual(fingerprint))
        {
            await Problems.Refused("idempotency-key-reused", "This Idempotency-Key was used for another request.").ExecuteAsync(context);
            return;
        }

        if (earlier.Status is not { } status || Reveal(earlier.Body) is not { } body)
        {
            await Problems.Conflict("outcome-unknown", "A request with this Idempotency-Key is running, or was cut off; look at the resource before you repeat it.").ExecuteAsync(context);
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = earlier.ContentType;
        context.Response.Headers[ReplayedHeader] = "true";
        if (earlier.Location is { } location)
        {
            context.Response.Headers.Location = location;
        }

        if (earlier.ETag is { } tag)
        {
            context.Response.Headers.ETag = tag;
        }

        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Null when the keys that it was encrypted with are gone.</summary>
    private byte[]? Reveal(byte[] kept)
    {
        try
        {
            return _protector.Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Writes the key down; answers the earlier request when there is one.</summary>
    private async Task<IdempotentRequest?> ClaimAsync(string actor, string key, byte[] fingerprint, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var requests = db.Set<IdempotentRequest>();
        var earlier = await requests.SingleOrDefaultAsync(request => request.Actor == actor && request.Key == key, cancellation);
        if (earlier is not null && earlier.At > now - KeptFor)
        {
            return earlier;
        }

        if (earlier is not null)
        {
            requests.Remove(earlier);
            await db.SaveChangesAsync(cancellation);
        }

        requests.Add(new IdempotentRequest { Actor = actor, Key = key, Fingerprint = fingerprint, At = now });
        try
        {
            await db.SaveChangesAsync(cancellation);
            return null;
        }
        catch (DbUpdateException)
        {
            // Two at once: the other one's row is there now, or the database is broken and this throws.
            db.ChangeTracker.Clear();
            return await requests.SingleAsync(request => request.Actor == actor && request.Key == key, cancellation);
        }
    }

    private async Task RunAndKeepAsync(HttpContext context, string actor, string key)
    {
        var original = context.Response.Body;
        using var copy = new MemoryStream();
        context.Response.Body = copy;
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException)
        {
            // It could not even be read, so nothing was done: the same key may come again.
            context.Response.Body = original;
            await ForgetAsync(actor, key);
            throw;
        }
        catch
        {
            // The exception handler outside answers; what was done is not known here, so the key stays claimed and unanswered.
            context.Response.Body = original;
            throw;
        }

        context.Response.Body = original;
        await KeepAsync(context, actor, key, copy.ToArray());
        copy.Position = 0;
        await copy.CopyToAsync(original, context.RequestAborted);
    }

    private async Task ForgetAsync(string actor, string key)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        await db.Set<IdempotentRequest>().Where(request => request.Actor == actor && request.Key == key).ExecuteDeleteAsync(CancellationToken.None);
    }

    private async Task KeepAsync(HttpContext context, string actor, string key, byte[] body)
    {
        // The act is done: a caller who hangs up now must still find the answer under the key.
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        var row = await db.Set<IdempotentRequest>().SingleAsync(request => request.Actor == actor && request.Key == key, CancellationToken.None);
        var response = context.Response;
        if (response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests or >= 500)
        {
            db.Remove(row);
        }
        else
        {
            row.Status = response.StatusCode;
            row.ContentType = response.ContentType;
            row.Location = response.Headers.Location;
            row.ETag = response.Headers.ETag;
            row.Body = _protector.Protect(body);
        }

        await db.SaveChangesAsync(CancellationToken.None);
    }
}

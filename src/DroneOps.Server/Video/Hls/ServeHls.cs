using System.Globalization;
using System.Security.Claims;
using System.Text.RegularExpressions;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video.Hls;

/// <summary><c>GET /video/streams/{id}/hls/...</c>: a stream for players that take only HTTP, in parts of less than half a second. The look is in the audit
/// log before its first answer.</summary>
internal static partial class ServeHls
{
    private const string Playlist = "application/vnd.apple.mpegurl";
    private const string Media = "video/mp4";

    /// <summary>Who asks for what is not there yet waits so long; a player asks again.</summary>
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(8);

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/{id}/hls/index.m3u8", ListAsync)
            .Produces(StatusCodes.Status200OK, contentType: Playlist).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("The live playlist of HLS with parts; _HLS_msn and _HLS_part wait for what is to come; the look is audited");
        group.MapGet("/{id}/hls/{file}", ServeAsync)
            .Produces(StatusCodes.Status200OK, contentType: Media).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("What the playlist names: fragments of MP4");
    }

    private static async Task<IResult> ListAsync(
        string id, HttpContext context, ClaimsPrincipal user, VideoStreams streams,
        HlsShelf shelf, HlsViewings viewings, IOptions<VideoOptions> options, TimeProvider time)
    {
        if (streams.Find(id) is not { } stream)
            return Problems.NotFound("video stream", id);
        if (!TryNumber(context, "_HLS_msn", out var number) || !TryNumber(context, "_HLS_part", out var part) || (part is not null && number is null))
            return Problems.Invalid(new Fault("_HLS_msn", "_HLS_msn and _HLS_part are numbers, the second only with the first."));
        if (!await viewings.EnterAsync(user, From(context), stream))
            return Full(options.Value);
        var window = shelf.Of(stream);

        // Players that know nothing of parts take a playlist without a whole segment for the end.
        if (!await WaitAsync(window, number ?? 1, (int?)part, context, time))
            return NoPicture;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text(window.Playlist(), Playlist);
    }

    private static async Task<IResult> ServeAsync(
        string id, string file, HttpContext context, ClaimsPrincipal user, VideoStreams streams, HlsShelf shelf, HlsViewings viewings, IOptions<VideoOptions> options, TimeProvider time)
    {
        if (streams.Find(id) is not { } stream)
            return Problems.NotFound("video stream", id);
        if (FileForm().Match(file) is not { Success: true } named || !long.TryParse(named.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return Problems.NotFound("file", file);
        if (!await viewings.EnterAsync(user, From(context), stream))
            return Full(options.Value);
        var window = shelf.Of(stream);
        context.Response.Headers.CacheControl = "no-store";
        if (named.Groups["kind"].Value == "init")
            return number <= int.MaxValue && window.Beginning((int)number) is { } beginning ? TypedResults.Bytes(beginning, Media) : Problems.NotFound("file", file);
        int? part = named.Groups["part"] is { Success: true } text && int.TryParse(text.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;

        // The next part is asked for before it is there.
        if (!await WaitAsync(window, number, part, context, time) || window.Find(number, part) is not { } pieces)
            return Problems.NotFound("file", file);
        return pieces.Count == 1 ? TypedResults.Bytes(pieces[0], Media) : TypedResults.Bytes(pieces.SelectMany(piece => piece).ToArray(), Media);
    }

    private static async Task<bool> WaitAsync(HlsWindow window, long number, int? part, HttpContext context, TimeProvider time)
    {
        using CancellationTokenSource limit = new(WaitLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            return await window.WaitAsync(number, part, either.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }
    }

    // The names are the standard's, so they are no parameters of ours.
    private static bool TryNumber(HttpContext context, string name, out long? number)
    {
        number = null;
        if (!context.Request.Query.TryGetValue(name, out var text))
            return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            return false;
        number = parsed;
        return true;
    }

    private static string From(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    private static ProblemHttpResult NoPicture => Problems.Other(StatusCodes.Status503ServiceUnavailable, "no-picture", "No picture.", "The stream has no picture now.");

    private static ProblemHttpResult Full(VideoOptions options) =>
        Problems.Other(StatusCodes.Status503ServiceUnavailable, "too-many-viewers", "Too many watch.", $"{options.MostViewers} watch already; come again later.");

    [GeneratedRegex("^(?:(?<kind>init)-(?<number>[0-9]{1,9})\\.mp4|(?<kind>seg)-(?<number>[0-9]{1,18})\\.m4s|(?<kind>part)-(?<number>[0-9]{1,18})-(?<part>[0-9]{1,9})\\.m4s)$")]
    private static partial Regex FileForm();
}

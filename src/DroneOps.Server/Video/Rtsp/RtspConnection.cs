using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Security.Cryptography;
using DroneOps.Server.Accounts;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>One viewer's connection (RFC 2326): its requests one after the other, and at most one viewing, which lives and dies with it.</summary>
/// <remarks>Owner: <see cref="RunAsync"/>.</remarks>
internal sealed partial class RtspConnection(
    Stream stream, IPEndPoint remote, RtspDatagrams datagrams, RtspAdmission admission, RtspViewings viewings, VideoStreams streams, IOptions<VideoOptions> options, TimeProvider time,
    ILogger<RtspConnection> logger) : IDisposable
{
    /// <summary>Who says nothing for so long is gone; who takes pictures by this connection need say nothing.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(60);

    /// <summary>Who has not proved by then who it is, is sent away.</summary>
    public static readonly TimeSpan StrangerLimit = TimeSpan.FromSeconds(15);

    /// <summary>The first picture of a source that had to be opened is waited for so long.</summary>
    private static readonly TimeSpan FirstPictureLimit = TimeSpan.FromSeconds(10);

    private const int MostRefusals = 3;
    private const string Track = "track";
    private const string Methods = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, TEARDOWN";

    private readonly RtspReader _reader = new();
    private readonly RtspWire _wire = new(stream, time);
    private readonly string _nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly string _session = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
    private readonly CancellationTokenSource _ending = new();
    private ITimer? _silence;
    private Described? _described;
    private RtspViewing? _viewing;
    private int _refusals;
    private bool _isKnown;
    private bool _isLast;

    /// <summary>Serves it to its end.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var stopped = stopping.UnsafeRegister(static ending => ((CancellationTokenSource)ending!).Cancel(), _ending);
        await using var silence = _silence = time.CreateTimer(_ => End(), null, StrangerLimit, Timeout.InfiniteTimeSpan);
        try
        {
            while (!_isLast && await NextAsync() is { } request)
            {
                var answer = await AnswerAsync(request);
                await _wire.WriteAsync(answer.ToBytes(request.Sequence), _ending.Token);

                // Pictures follow the answer that announces them.
                _viewing?.Begin(PlayedOut);
                Hear();
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or SocketException or TimeoutException)
        {
            // The viewer has gone, was ended, or says nothing any more.
            LogGone(remote, gone is OperationCanceledException ? "it was ended or said nothing for too long" : gone.Message);
        }
        finally
        {
            // First the connection, so that a viewer who takes nothing does not hold up the end.
            await stream.DisposeAsync();
            await StopAsync();
        }
    }

    public void Dispose()
    {
        _described?.Dispose();
        _wire.Dispose();
        _ending.Dispose();
    }

    private void End()
    {
        try
        {
            _ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    private void PlayedOut(string reason)
    {
        LogPlayedOut(remote, reason);
        End();
    }

    private void Hear()
    {
        if (_isKnown)
            _silence?.Change(_viewing is { NeedsNoSign: true } ? Timeout.InfiniteTimeSpan : SilenceLimit, Timeout.InfiniteTimeSpan);
    }

    private async Task<RtspRequest?> NextAsync()
    {
        while (true)
        {
            switch (_reader.TryRead(out var request))
            {
                case RtspReading.Request:
                    return request;
                case RtspReading.Malformed:
                    await _wire.WriteAsync(RtspAnswer.BadRequest.ToBytes(0), _ending.Token);
                    return null;
                case RtspReading.TooLong:
                    await _wire.WriteAsync(new RtspAnswer(413).ToBytes(0), _ending.Token);
                    return null;
            }

            var count = await stream.ReadAsync(_reader.GetMemory(), _ending.Token);
            if (count == 0)
                return null;
            _reader.Advance(count);
        }
    }

    private async Task<RtspAnswer> AnswerAsync(RtspRequest request)
    {
        if (request["Require"] is { } wanted)
            return new(551, ("Unsupported", wanted));
        switch (request.Method)
        {
            case "OPTIONS":
                return new(200, ("Public", Methods));
            case "DESCRIBE" or "SETUP" or "PLAY":
                if (await admission.AdmitAsync(request, _nonce, _ending.Token) is not { } user)
                    return Refuse(request);
                _isKnown = true;
                return request.Method switch
                {
                    "DESCRIBE" => await DescribeAsync(request),
                    "SETUP" => await SetUpAsync(request),
                    _ => await PlayAsync(request, user),
                };
            case "PAUSE" or "TEARDOWN" or "GET_PARAMETER":
                if (_viewing is null || SessionOf(request) != _session)
                    return request.Method == "GET_PARAMETER" && request["Session"] is null ? RtspAnswer.Ok : RtspAnswer.NoSuchSession;
                if (request.Method == "PAUSE")
                    await _viewing.PauseAsync();
                else if (request.Method == "TEARDOWN")
                    await StopAsync();
                return new(200, ("Session", _session));
            default:
                return new(501, ("Public", Methods));
        }
    }

    private RtspAnswer Refuse(RtspRequest request)
    {
        // The first request of every viewer is without proof, because it does not know the number yet.
        if (request["Authorization"] is not null)
        {
            LogRefused(remote, request.StreamId);
            _isLast = ++_refusals >= MostRefusals;
        }

        return new(401, ("WWW-Authenticate", $"Digest realm=\"{ApiToken.DigestRealm}\", nonce=\"{_nonce}\""));
    }

    private async Task<RtspAnswer> DescribeAsync(RtspRequest request)
    {
        if (streams.Find(request.StreamId) is not { } found || !request.TryGetBase(out var address))
            return RtspAnswer.NotFound;
        if (await LookAsync(found) is not { } described)
            return RtspAnswer.Unavailable;
        var body = Media.Rtp.SessionDescription.Of(described.Format, found.Settings.Name, (ulong)time.GetUtcNow().ToUnixTimeSeconds(), Track);
        return new(200, ("Content-Base", address), ("Content-Type", "application/sdp"), ("Cache-Control", "no-cache")) { Body = body };
    }

    private async Task<RtspAnswer> SetUpAsync(RtspRequest request)
    {
        if (streams.Find(request.StreamId) is not { } found)
            return RtspAnswer.NotFound;
        if (SessionOf(request) is { } session && session != _session)
            return RtspAnswer.NoSuchSession;
        if (_viewing is not null)
            return RtspAnswer.WrongState;
        if (RtspTransport.Choose(request["Transport"]) is not { } transport)
            return RtspAnswer.NoSuchTransport;
        if ((_described?.Stream == found ? _described : await LookAsync(found)) is not { } described)
            return RtspAnswer.Unavailable;
        PacketOutlet outlet = transport.IsInterleaved ? new InterleavedOutlet(_wire, transport) : new DatagramOutlet(datagrams, remote.Address, transport);
        _viewing = viewings.Prepare(found, described.Format.Codec, outlet, transport.IsInterleaved ? null : datagrams.Hear(new(remote.Address, transport.Second), Hear));
        return new(200, ("Transport", outlet.Describe(_viewing.Source)), ("Session", string.Create(CultureInfo.InvariantCulture, $"{_session};timeout={SilenceLimit.TotalSeconds:0}")));
    }

    private async Task<RtspAnswer> PlayAsync(RtspRequest request, ClaimsPrincipal user)
    {
        if (_viewing is null || SessionOf(request) != _session)
            return RtspAnswer.NoSuchSession;
        if (request.StreamId != _viewing.Stream.Id || !request.TryGetBase(out var address))
            return RtspAnswer.NotFound;
        if (!await _viewing.EnterAsync(user, remote.Address, End, _ending.Token))
            return RtspAnswer.Unavailable;
        return new(200, ("Session", _session), ("Range", "npt=now-"), ("RTP-Info", string.Create(CultureInfo.InvariantCulture, $"url={address}{Track};seq={_viewing.NextSequence}")));
    }

    private async Task StopAsync()
    {
        if (_viewing is not { } viewing)
            return;
        _viewing = null;
        await viewing.DisposeAsync();
    }

    // Waits for a picture, which opens a source that nobody watches yet and keeps it open until the viewer plays.
    private async Task<Described?> LookAsync(VideoStream found)
    {
        _described?.Dispose();
        _described = null;
        var viewer = found.Live.Watch(options.Value.ViewerQueue);
        using CancellationTokenSource limit = new(FirstPictureLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _ending.Token);
        try
        {
            await foreach (var picture in viewer.ReadAsync(either.Token))
            {
                using (picture)
                    return _described = new(found, picture.Format, viewer);
            }
        }
        catch (OperationCanceledException) when (!_ending.IsCancellationRequested)
        {
            // It gives no picture now.
        }

        viewer.Dispose();
        return null;
    }

    private static string? SessionOf(RtspRequest request) => request["Session"] is { } session && session.IndexOf(';', StringComparison.Ordinal) is var end ? end < 0 ? session : session[..end].TrimEnd() : null;

    [LoggerMessage(LogLevel.Warning, "A viewer at {Remote} that asks for {Stream} by RTSP is not who it says it is")]
    private partial void LogRefused(IPEndPoint remote, string stream);

    [LoggerMessage(LogLevel.Information, "The RTSP viewer at {Remote} gets no more pictures: {Reason}")]
    private partial void LogPlayedOut(IPEndPoint remote, string reason);

    [LoggerMessage(LogLevel.Information, "The RTSP viewer at {Remote} has gone: {Reason}")]
    private partial void LogGone(IPEndPoint remote, string reason);

    /// <summary>A stream that the viewer was told about.</summary>
    private sealed record Described(VideoStream Stream, Media.VideoFormat Format, Viewer Viewer) : IDisposable
    {
        public void Dispose() => Viewer.Dispose();
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Webhooks;

/// <summary>To whom, with what.</summary>
/// <param name="Url">Where.</param>
/// <param name="Secrets">The secrets in force, the newest first.</param>
/// <param name="BearerToken">What the receiver wants as Authorization, or null.</param>
internal sealed record Recipient(Uri Url, IReadOnlyList<SigningSecret> Secrets, string? BearerToken);

/// <summary>Calls receivers: no redirects, no proxy, no cookies, only listed hosts at permitted addresses, and never longer than agreed.</summary>
/// <remarks>Safe to share. The status decides; a body is not read, only drained a little so that the connection can be kept.</remarks>
internal sealed class Deliveries : IDisposable
{
    private readonly WebhooksOptions _options;
    private readonly Reach _reach;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public Deliveries(IOptions<WebhooksOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _reach = new(_options.AllowedNetworks.Select(IPNetwork.Parse));
        _time = time;
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(_options.ConnectTimeoutS),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 64 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(2),
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Delivers an event.</summary>
    /// <param name="id">The event's id: the same at each attempt, so that the receiver knows a repeat.</param>
    /// <param name="body">The event, structured JSON.</param>
    public Task<Verdict> PostAsync(Recipient recipient, string id, byte[] body, CancellationToken cancellation)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(Envelope.MediaType, "utf-8");
        var request = new HttpRequestMessage(HttpMethod.Post, recipient.Url) { Content = content };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", string.Join(' ', recipient.Secrets.Select(secret => secret.Sign(id, timestamp, body))));
        return SendAsync(recipient, request, answer => Verdict.OfDelivery(answer, _time.GetUtcNow()), cancellation);
    }

    /// <summary>Asks the receiver whether it wants events from us (CloudEvents HTTP 1.1 Web Hooks, 4.1).</summary>
    public Task<Verdict> ShakeHandsAsync(Recipient recipient, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, recipient.Url);
        request.Headers.Add("WebHook-Request-Origin", _options.Origin);
        return SendAsync(recipient, request, answer => Verdict.OfHandshake(answer, _options.Origin, _time.GetUtcNow()), cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Verdict> SendAsync(Recipient recipient, HttpRequestMessage request, Func<HttpResponseMessage, Verdict> judge, CancellationToken cancellation)
    {
        using var sent = request;

        // The list may have become shorter since the receiver was entered.
        if (!_options.Allows(recipient.Url))
            return new(AttemptOutcome.HostNotAllowed, null, $"{recipient.Url.Authority} is not in DroneOps:Webhooks:AllowedHosts.", null, null);
        if (recipient.BearerToken is { } token)
            request.Headers.Authorization = new("Bearer", token);
        request.Headers.UserAgent.Add(new("DroneOps", "1"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TimeoutS), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var answer = await _http.SendAsync(request, either.Token);
            return judge(answer);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested && Verdict.OfException(problem) is { } verdict)
        {
            return verdict;
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);

        // One forbidden address among several is reason enough: a name that mixes them is a trick or a mistake.
        if (addresses.FirstOrDefault(address => !_reach.Permits(address)) is { } forbidden)
            throw new ForbiddenAddressException(context.DnsEndPoint.Host, forbidden);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

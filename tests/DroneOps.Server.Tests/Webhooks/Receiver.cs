using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DroneOps.Server.Tests.Webhooks;

/// <summary>A call that came to a receiver.</summary>
internal sealed record Call(string Method, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];
}

/// <summary>A real HTTP server on loopback that answers as it is told, politely or not, and keeps what it was sent.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly Channel<Call> _posts = Channel.CreateUnbounded<Call>();
    private readonly CancellationTokenSource _closing = new();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>How a POST is answered; the second argument ends when the receiver closes.</summary>
    public Func<HttpContext, CancellationToken, Task> OnPost { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What OPTIONS is answered with as WebHook-Allowed-Origin; null for none.</summary>
    public string? AllowedOrigin { get; set; } = "*";

    /// <summary>Handshakes so far.</summary>
    public int Handshakes { get; private set; }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>How the server's options name it.</summary>
    public string Entry => Address.GetLeftPart(UriPartial.Authority);

    public static async Task<Receiver> StartAsync(bool tls = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls)
                listen.UseHttps(SelfSigned());
        }));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.AnswerAsync);
        await app.StartAsync();
        receiver.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/hook");
        return receiver;
    }

    /// <summary>The next POST, in the order they came.</summary>
    public async Task<Call> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await _posts.Reader.ReadAsync(limit.Token);
    }

    /// <summary>Whether a POST came that nobody has read.</summary>
    public bool HasMore => _posts.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _closing.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            Handshakes++;
            if (AllowedOrigin is { } origin)
                context.Response.Headers["WebHook-Allowed-Origin"] = origin;
            return;
        }

        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        await _posts.Writer.WriteAsync(new(context.Request.Method, headers, body.ToArray()));
        await OnPost(context, _closing.Token);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}

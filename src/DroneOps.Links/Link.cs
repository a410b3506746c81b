using System.Globalization;
using System.Net.Sockets;
using DroneOps.Links.Transports;
using DroneOps.Mavlink;
using Microsoft.Extensions.Logging;

namespace DroneOps.Links;

/// <summary>Where a link is in its life.</summary>
public enum LinkState
{
    /// <summary>Not open; nothing can be sent.</summary>
    Closed,

    /// <summary>Being opened.</summary>
    Opening,

    /// <summary>Open: bytes may flow. Whether anybody is there shows in what is received.</summary>
    Open,

    /// <summary>Being closed.</summary>
    Closing,
}

/// <summary>Gets the frames that a link accepted, in the order in which they came; must return at once.</summary>
/// <param name="link">The link.</param>
/// <param name="peer">Who sent it.</param>
/// <param name="frame">A view that is valid during the call.</param>
/// <param name="receivedAt">When its bytes were taken from the transport.</param>
public delegate void FrameArrived(Link link, LinkPeer peer, in MavlinkFrame frame, DateTimeOffset receivedAt);

/// <summary>One configured way to vehicles. It keeps its identity, its counters and its place in the router while the
/// connection below comes and goes; <see cref="RunAsync"/> is one life of that connection, and a
/// <see cref="LinkKeeper"/> starts the next.</summary>
/// <remarks>
/// One reader and one writer. Closing order: (1) nothing more is accepted for sending; (2) the writer ends the frame in
/// hand, and what waits is answered <see cref="SendResult.NoLink"/>; (3) the transport is closed, which ends the reader;
/// (4) the reader is awaited, so no frame arrives after that; (5) the peers are forgotten and the state is Closed.
/// </remarks>
public sealed partial class Link : IAsyncDisposable
{
    private readonly LinkOptions _options;
    private readonly LinkTransports _transports;
    private readonly TimeProvider _time;
    private readonly ILogger<Link> _logger;
    private readonly SendQueue _queue;
    private readonly PeerTable _peers;
    private readonly CancellationTokenSource _disposing = new();
    private readonly SemaphoreSlim _oneLife = new(1, 1);
    private volatile LinkState _state;
    private Transport? _transport;
    private bool _isDisposed;

    /// <summary>A link that is not open yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option cannot work.</exception>
    public Link(LinkId id, LinkUri uri, LinkOptions options, LinkTransports transports, ILogger<Link> logger)
    {
        options.Validate();
        Id = id;
        Uri = uri;
        _options = options;
        _transports = transports;
        _time = transports.Time;
        _logger = logger;
        _queue = new SendQueue(options);
        _peers = new PeerTable(options, _time);
        _sink = new Sink(this);
    }

    /// <summary>Its number.</summary>
    public LinkId Id { get; }

    /// <summary>Where it leads.</summary>
    public LinkUri Uri { get; }

    /// <summary>Where it is in its life.</summary>
    public LinkState State => _state;

    /// <summary>The state changed; called by whoever runs the link.</summary>
    public event Action<Link, LinkState>? StateChanged;

    /// <summary>Local UDP or TCP port of a listening link that is open, else 0: the system chooses one where the address says 0.</summary>
    public int LocalPort => _state == LinkState.Open
        ? _transport switch
        {
            UdpListenTransport udp => udp.LocalPort,
            TcpListenTransport tcp => tcp.LocalPort,
            _ => 0,
        }
        : 0;

    /// <summary>Opens the transport and serves it until it breaks or the token ends it.</summary>
    /// <returns>Why it ended: the exception of the transport, or null when it was told to end.</returns>
    /// <exception cref="InvalidOperationException">The link is running already.</exception>
    public async Task<Exception?> RunAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!await _oneLife.WaitAsync(0, CancellationToken.None))
            throw new InvalidOperationException($"The link {Uri} is running already.");
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
            return await LiveAsync(ending);
        }
        finally
        {
            _oneLife.Release();
        }
    }

    /// <summary>Completes once nothing waits to be sent, nothing is being written, and, on a memory link, nothing that
    /// came waits to be handed over.</summary>
    public async Task WhenIdleAsync()
    {
        await WhenQuietAsync();
        await WhenWrittenAsync();
    }

    internal Task WhenQuietAsync() => _transport?.WhenQuietAsync() ?? Task.CompletedTask;

    internal Task WhenWrittenAsync() => _queue.WhenIdleAsync();

    /// <summary>Closes the link for good and waits until it is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _disposing.CancelAsync();
        await _oneLife.WaitAsync(CancellationToken.None);
        _disposing.Dispose();
        _oneLife.Dispose();
    }

    private async Task<Exception?> LiveAsync(CancellationTokenSource ending)
    {
        SetState(LinkState.Opening);
        Transport transport;
        try
        {
            transport = await OpenAsync(ending.Token);
        }
        catch (Exception error) when (IsAboutTheOutside(error))
        {
            SetState(LinkState.Closed);
            return ending.IsCancellationRequested ? null : error;
        }

        _transport = transport;
        _queue.Open();
        SetState(LinkState.Open);
        LogOpened(Uri, transport);

        var reader = transport.ReadAsync(_sink);
        var writer = WriteAsync(transport, ending.Token);
        await Task.WhenAny(reader, writer);
        SetState(LinkState.Closing);
        _queue.Close();
        await ending.CancelAsync();
        Exception? cause;
        try
        {
            cause = await OutcomeOf(writer);
        }
        finally
        {
            await transport.DisposeAsync();
        }

        try
        {
            cause ??= await OutcomeOf(reader);
        }
        finally
        {
            lock (_receiving)
                _peers.Clear();
            _transport = null;
            SetState(LinkState.Closed);
        }

        var reason = cause?.Message ?? "closed on our side";
        LogClosed(Uri, reason);
        return cause;
    }

    private async Task<Transport> OpenAsync(CancellationToken cancellationToken)
    {
        var transport = _transports.Create(Uri, _options);
        try
        {
            using var deadline = new CancellationTokenSource(_options.ConnectTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            await transport.OpenAsync(either.Token);
            return transport;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            await transport.DisposeAsync();
            throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"no connection within {_options.ConnectTimeout.TotalSeconds:0.#} s"), error);
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    private static async Task<Exception?> OutcomeOf(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception error) when (IsAboutTheOutside(error))
        {
            return error;
        }
    }

    private static bool IsAboutTheOutside(Exception error) =>
        error is IOException or SocketException or ObjectDisposedException or OperationCanceledException or UnauthorizedAccessException;

    private void SetState(LinkState state)
    {
        _state = state;
        StateChanged?.Invoke(this, state);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Link {Uri} is open: {Transport}")]
    private partial void LogOpened(LinkUri uri, Transport transport);

    [LoggerMessage(Level = LogLevel.Information, Message = "Link {Uri} is closed: {Reason}")]
    private partial void LogClosed(LinkUri uri, string reason);
}

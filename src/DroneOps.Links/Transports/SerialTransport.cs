using System.IO.Ports;
using DroneOps.Mavlink;

namespace DroneOps.Links.Transports;

/// <summary>A serial port, 8 data bits, no parity, one stop bit.</summary>
internal sealed class SerialTransport(LinkUri uri, MessageCatalog catalog, TimeProvider time) : Transport
{
    // What the driver has taken can no longer expire or be overtaken by a command, so at most this much is in its hands.
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(100);
    private const int BitsPerByte = 10;

    private SerialPort? _port;
    private StreamPeer? _peer;
    private DateTimeOffset _lineIsFreeAt;
    private volatile bool _disposed;

    public override string ToString() => $"{uri.Target} at {uri.Baud} bit/s";

    public override LinkPeer? FixedPeer => _peer;

    public override Task OpenAsync(CancellationToken cancellationToken)
    {
        _port = new SerialPort(uri.Target, uri.Baud, Parity.None, 8, StopBits.One)
        {
            Handshake = uri.HardwareFlowControl ? Handshake.RequestToSend : Handshake.None,
        };
        try
        {
            _port.Open();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            // The framework calls a device that is not there one that it is not allowed to use.
            throw new IOException(
                !OperatingSystem.IsWindows() && !File.Exists(uri.Target) ? $"there is no device {uri.Target}: is it plugged in?"
                : error is UnauthorizedAccessException ? $"{uri.Target} may not be used: is it in use, and is this user in the group dialout?"
                : $"{uri.Target} cannot be opened: {error.Message}",
                error);
        }

        _peer = new StreamPeer(uri.Target, _port.BaseStream, catalog);
        return Task.CompletedTask;
    }

    public override async Task ReadAsync(IByteSink sink)
    {
        try
        {
            await _peer!.ReadAsync(sink);
        }
        catch (Exception error) when (_disposed && error is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            return;
        }

        if (!_disposed)
            throw new EndOfStreamException($"{uri.Target} is gone");
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, LinkPeer peer, CancellationToken cancellationToken)
    {
        await _peer!.Stream.WriteAsync(bytes, cancellationToken);
        var now = time.GetUtcNow();
        _lineIsFreeAt = (_lineIsFreeAt > now ? _lineIsFreeAt : now) + TimeSpan.FromSeconds((double)bytes.Length * BitsPerByte / uri.Baud);
        if (_lineIsFreeAt - now > Ahead)
            await Task.Delay(_lineIsFreeAt - now - Ahead, time, cancellationToken);
    }

    public override ValueTask DisposeAsync()
    {
        _disposed = true;
        _port?.Dispose();
        return ValueTask.CompletedTask;
    }
}

using System.Collections.Concurrent;
using System.Net.Sockets;

namespace DroneOps.Server.Cluster;

/// <summary>Lets in who comes to the TCP ports of a service, and serves each in a task of its own.</summary>
/// <remarks>Owner of the sockets it let in and of their tasks; the ports are the caller's. The role is the Acceptor of D. C. Schmidt, "Acceptor and Connector",
/// Pattern Languages of Program Design 3, 1997. Safe for any number of ports at once.</remarks>
internal sealed class Acceptor(TimeProvider time)
{
    // Somebody who lost his power or his network says nothing: he is asked after half a minute, and given up after another half.
    private const int AskAfterS = 30;
    private const int AskEveryS = 10;
    private const int Asks = 3;

    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, Task> _served = new();
    private long _number;
    private int _count;

    /// <summary>How many are being served, whoever asks that about himself included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Lets in at one port until it is stopped.</summary>
    /// <param name="accept">Waits for the next one: <see cref="TcpListener.AcceptSocketAsync(CancellationToken)"/> of a port that listens.</param>
    /// <param name="serve">Serves one; his socket is closed when that ends. Throws nothing.</param>
    /// <param name="onRefused">One could not be let in.</param>
    /// <param name="stop">Nobody is let in any more; those who are inside are told by the caller.</param>
    public async Task RunAsync(Func<CancellationToken, ValueTask<Socket>> accept, Func<Socket, Task> serve, Action<SocketException> onRefused, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await accept(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException gone)
            {
                onRefused(gone);

                // Either he went before he was let in, or there is nothing left to let anybody in with. That lasts, and asking at once would take a whole core.
                if (gone.SocketErrorCode is not (SocketError.ConnectionAborted or SocketError.ConnectionReset))
                    await Task.Delay(Breath, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            var number = Interlocked.Increment(ref _number);
            Interlocked.Increment(ref _count);
            var served = Task.Run(() => ServeAsync(socket, serve), CancellationToken.None);
            _served[number] = served;
            _ = served.ContinueWith(_ => _served.TryRemove(number, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Waits until all who were let in have gone.</summary>
    public Task WhenGoneAsync() => Task.WhenAll(_served.Values);

    private async Task ServeAsync(Socket socket, Func<Socket, Task> serve)
    {
        try
        {
            using (socket)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, AskAfterS);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, AskEveryS);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Asks);
                await serve(socket);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}

using System.Net.Sockets;
using DroneOps.Server.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Cluster;

public sealed class AcceptorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly List<SocketError> _refused = [];
    private readonly CancellationTokenSource _stop = new();
    private int _asked;

    public void Dispose() => _stop.Dispose();

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, true)]
    [InlineData(SocketError.ConnectionAborted, false)]
    public async Task Whoever_cannot_be_let_in_keeps_nobody_else_out_and_no_core_busy(SocketError trouble, bool waits)
    {
        Acceptor acceptor = new(_time);
        TaskCompletionSource served = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = acceptor.RunAsync(
            stop => ++_asked switch
            {
                1 => throw new SocketException((int)trouble),
                2 => ValueTask.FromResult(new Socket(SocketType.Stream, ProtocolType.Tcp)),
                _ => NeverAsync(stop),
            },
            _ =>
            {
                served.SetResult();
                return Task.CompletedTask;
            },
            gone => _refused.Add(gone.SocketErrorCode),
            _stop.Token);
        Assert.Equal([trouble], _refused);
        Assert.Equal(waits ? 1 : 3, _asked);
        _time.Advance(TimeSpan.FromSeconds(1));
        await served.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await StopAsync(acceptor, running);
    }

    [Fact]
    public async Task Those_who_are_inside_are_counted_and_waited_for_and_their_sockets_are_closed()
    {
        Acceptor acceptor = new(_time);
        TaskCompletionSource leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<Socket> sockets = [.. Enumerable.Range(0, 3).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp))];
        var running = acceptor.RunAsync(
            stop => _asked < sockets.Count ? ValueTask.FromResult(sockets[_asked++]) : NeverAsync(stop), _ => leave.Task, gone => _refused.Add(gone.SocketErrorCode), _stop.Token);
        Assert.Equal(3, acceptor.Count);
        await _stop.CancelAsync();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.False(acceptor.WhenGoneAsync().IsCompleted);
        leave.SetResult();
        await StopAsync(acceptor, running);
        Assert.All(sockets, socket => Assert.True(socket.SafeHandle.IsClosed));
    }

    [Fact]
    public async Task Who_is_gone_without_a_word_is_asked_for_by_the_system_within_a_minute()
    {
        Acceptor acceptor = new(_time);
        TaskCompletionSource<int[]> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = acceptor.RunAsync(
            stop => _asked++ == 0 ? ValueTask.FromResult(new Socket(SocketType.Stream, ProtocolType.Tcp)) : NeverAsync(stop),
            socket =>
            {
                asked.SetResult([
                    (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!,
                    (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!,
                    (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval)! * (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount)!,
                ]);
                return Task.CompletedTask;
            },
            gone => _refused.Add(gone.SocketErrorCode),
            _stop.Token);
        Assert.Equal((int[])[1, 30, 30], await asked.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
        await StopAsync(acceptor, running);
    }

    private async Task StopAsync(Acceptor acceptor, Task running)
    {
        await _stop.CancelAsync();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await acceptor.WhenGoneAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, acceptor.Count);
    }

    private static async ValueTask<Socket> NeverAsync(CancellationToken stop)
    {
        TaskCompletionSource<Socket> never = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cancelled = stop.Register(() => never.TrySetCanceled(stop));
        return await never.Task;
    }
}

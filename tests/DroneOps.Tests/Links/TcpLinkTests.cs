using System.Net;
using System.Net.Sockets;
using DroneOps.Links.Transports;
using Xunit;

namespace DroneOps.Tests.Links;

/// <summary>A command that the other side did not take in time is not delivered later by the system. On real sockets of the loopback interface.</summary>
public sealed class TcpLinkTests
{
    // Far more than the system buffers.
    private const int BulkBytes = 8 * 1024 * 1024;

    [Fact]
    public async Task A_connection_ends_once_a_command_is_not_acknowledged_within_its_deadline()
    {
        const int Tcp = 6;
        const int UserTimeout = 18; // TCP_USER_TIMEOUT of Linux, milliseconds
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using Socket near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using var far = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);

        TcpSettings.Apply(near);
        TcpSettings.Apply(far);

        foreach (var socket in (Socket[])[near, far])
        {
            var told = new byte[sizeof(int)];
            socket.GetRawSocketOption(Tcp, UserTimeout, told);
            Assert.Equal(3000, BitConverter.ToInt32(told));
        }
    }

    [Fact]
    public async Task What_waits_in_a_stuck_connection_is_thrown_away_when_its_link_closes()
    {
        await using Bench bench = new();
        var (link, server, _) = await LinkLifeTests.OpenStuckAsync(bench);
        using (server)
        {
            await link.DisposeAsync();
            await AssertResetAsync(server);
        }
    }

    [Fact]
    public async Task What_waits_for_a_vehicle_that_does_not_read_is_thrown_away_with_its_connection()
    {
        await using Bench bench = new();
        var link = await bench.OpenAsync("tcp-listen://127.0.0.1:0");
        using Socket vehicle = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        vehicle.ReceiveBufferSize = 4096;
        await vehicle.ConnectAsync(IPAddress.Loopback, link.LocalPort, TestContext.Current.CancellationToken);
        await vehicle.SendAsync(Bench.HeartbeatOf(1, 0), TestContext.Current.CancellationToken);
        (await bench.NextAsync()).Dispose();

        await link.SendRawAsync(new byte[BulkBytes]);

        await AssertResetAsync(vehicle);
    }

    /// <summary>What is in the other side's own buffer is still read; then comes the reset, and not the end of a stream that was written out.</summary>
    private static async Task AssertResetAsync(Socket socket) =>
        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(() => LinkLifeTests.DrainAsync(socket))).SocketErrorCode);
}

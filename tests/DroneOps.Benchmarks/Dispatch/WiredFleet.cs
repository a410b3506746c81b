using System.Net;
using System.Net.Sockets;
using DroneOps.Mavlink.Messages;
using DroneOps.Simulator;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Benchmarks.Dispatch;

/// <summary>Simulated vehicles on UDP ports of their own, watched at the wire: when the first command arrives that makes one go.</summary>
/// <remarks>Owner: its own thread, which looks at every port once a millisecond.</remarks>
internal sealed class WiredFleet : IDisposable
{
    private const int MessageIdOffset = 7;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    private readonly SimulatedFleet _fleet;
    private readonly Socket[] _ports;
    private readonly CancellationTokenSource _ending = new();
    private readonly Thread _thread;
    private TaskCompletionSource<long>? _awaited;

    public WiredFleet(Scenario scenario, IPEndPoint ground)
    {
        _fleet = new SimulatedFleet(new SimulatorOptions(scenario, 1, 1, null, null), TimeProvider.System);
        _ports = [.. _fleet.Copters.Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false })];
        foreach (var port in _ports)
            port.Connect(ground);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public IReadOnlyList<SimulatedCopter> Copters => _fleet.Copters;

    /// <summary>Waits for the next mission that is announced to any vehicle (MISSION_COUNT): the first frame of every dispatch.</summary>
    /// <returns>The instant of its arrival, as <see cref="TimeProvider.GetTimestamp"/> counts.</returns>
    public Task<long> NextOrderAsync()
    {
        var awaited = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _awaited, awaited);
        return awaited.Task;
    }

    public void Dispose()
    {
        _ending.Cancel();
        _thread.Join();
        _ending.Dispose();
        foreach (var port in _ports)
            port.Dispose();
        _fleet.Dispose();
    }

    private void Run()
    {
        var buffer = new byte[2048];
        while (!_ending.Token.WaitHandle.WaitOne(Look))
        {
            var now = TimeProvider.System.GetUtcNow();
            for (var i = 0; i < _ports.Length; i++)
            {
                var (port, copter) = (_ports[i], Copters[i]);
                while (port.Available > 0)
                {
                    var datagram = buffer.AsSpan(0, port.Receive(buffer));
                    if (datagram.Length > MessageIdOffset && datagram[MessageIdOffset] == MissionCount.MsgId)
                        Volatile.Read(ref _awaited)?.TrySetResult(TimeProvider.System.GetTimestamp());
                    copter.OnDatagram(datagram);
                }
            }

            _fleet.Step(now);
            for (var i = 0; i < _ports.Length; i++)
            {
                var port = _ports[i];
                Copters[i].Drain(datagram => port.Send(datagram));
            }
        }
    }
}

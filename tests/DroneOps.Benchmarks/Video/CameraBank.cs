using System.Net;
using System.Net.Sockets;

namespace DroneOps.Benchmarks.Video;

/// <summary>Many cameras that send the same stream, each from its own place in it and in its own time, so that their key pictures do not fall together.</summary>
internal sealed class CameraBank : IDisposable
{
    private readonly CameraStream _stream;
    private readonly Socket[] _sockets;
    private readonly SocketAddress[] _to;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private long _sent;

    public CameraBank(CameraStream stream, IReadOnlyList<int> ports)
    {
        _stream = stream;
        _sockets = [.. ports.Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))];
        _to = [.. ports.Select(port => new IPEndPoint(IPAddress.Loopback, port).Serialize())];
        _thread = new Thread(Run) { IsBackground = true, Name = "cameras" };
        _thread.Start();
    }

    /// <summary>Pictures sent by all together.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        foreach (var socket in _sockets)
            socket.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        var began = TimeProvider.System.GetTimestamp();
        var apart = TimeSpan.FromSeconds(1.0 / CameraStream.PicturesPerSecond / _sockets.Length);
        for (long turn = 0; !_stop.IsSet;)
        {
            for (var due = (long)(TimeProvider.System.GetElapsedTime(began) / apart); turn < due; turn++)
            {
                var camera = (int)(turn % _sockets.Length);
                var picture = (turn / _sockets.Length) + (camera * 7 % CameraStream.PicturesPerSecond);
                if (picture >= _stream.Pictures.Count)
                    return; // the stream is over
                foreach (var datagram in CameraStream.Datagrams(_stream.Pictures[(int)picture]))
                    _sockets[camera].SendTo(_stream.Bytes.AsSpan(datagram), SocketFlags.None, _to[camera]);
                Interlocked.Increment(ref _sent);
            }

            _stop.Wait(TimeSpan.FromMilliseconds(1));
        }
    }
}

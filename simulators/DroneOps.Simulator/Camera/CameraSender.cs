using System.Buffers;
using System.Net;
using System.Net.Sockets;
using DroneOps.Media;
using DroneOps.Media.H26x;
using DroneOps.Media.TransportStream;
using DroneOps.Simulator.Airframe;

namespace DroneOps.Simulator.Camera;

/// <summary>Sends coded pictures with their metadata as a transport stream over UDP, each at once, and loses what is to be lost on the way. Owned
/// by the loop that reads the encoder.</summary>
internal sealed class CameraSender(IPEndPoint target, byte systemId, int width, int height, ulong seed, TimeProvider time) : IDisposable
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly Line _line = new(target, SeededNoise.Derive(seed, systemId));
    private Line? _stranger;

    public void Send(ReadOnlySpan<byte> unit, DateTimeOffset at, CameraShot shot)
    {
        var pts = (long)((at - _start).TotalSeconds * Picture.Clock);
        Span<byte> packet = stackalloc byte[SensorMetadata.MaxLength];
        packet = packet[..SensorMetadata.Write(packet, at, shot, FormattableString.Invariant($"DRONE {systemId}"), width, height)];
        _line.Send(unit, pts, packet, shot.Faults.Loss);
        if (!shot.Faults.HasSecondSender)
        {
            _stranger?.Dispose();
            _stranger = null;
            return;
        }

        // A stranger's stream is an hour ahead, from a port of its own.
        _stranger ??= new(target, SeededNoise.Derive(seed, 100u + systemId));
        _stranger.Send(unit, pts + (3600L * Picture.Clock), packet, shot.Faults.Loss);
    }

    public void Dispose()
    {
        _line.Dispose();
        _stranger?.Dispose();
    }

    /// <summary>One stream from one port.</summary>
    private sealed class Line : IDisposable
    {
        /// <summary>Seven packets fill a datagram of Ethernet's size.</summary>
        private const int Datagram = 7 * 188;

        /// <summary>Metadata eight times a second.</summary>
        private const long MetadataPause = Picture.Clock / 8;

        private readonly Socket _socket;
        private readonly IPEndPoint _target;
        private readonly AccessUnitSplitter _splitter;
        private readonly TsMuxer _muxer = new(hasMetadata: true);
        private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
        private SeededNoise _noise;
        private long _metadataDue = long.MinValue;

        public Line(IPEndPoint target, ulong seed)
        {
            _target = target;
            _noise = new(seed);
            _socket = new(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            // A key picture leaves in one go.
            _socket.SendBufferSize = 1 << 20;
            _splitter = new(VideoCodec.H264, picture =>
            {
                using (picture)
                    _muxer.Write(picture, _output);
            });
        }

        public void Send(ReadOnlySpan<byte> unit, long pts, ReadOnlySpan<byte> metadata, double loss)
        {
            _output.ResetWrittenCount();
            _splitter.Push(unit, pts, default);
            _splitter.Flush();
            if (pts >= _metadataDue && _muxer.WriteMetadata(metadata, pts, _output))
                _metadataDue = pts + MetadataPause;
            for (var rest = _output.WrittenSpan; !rest.IsEmpty; rest = rest[Math.Min(Datagram, rest.Length)..])
            {
                if (loss > 0 && _noise.NextUnit() < loss)
                    continue;
                try
                {
                    _socket.SendTo(rest[..Math.Min(Datagram, rest.Length)], _target);
                }
                catch (SocketException)
                {
                    // A radio does not know whether anybody listens either.
                }
            }
        }

        public void Dispose() => _socket.Dispose();
    }
}

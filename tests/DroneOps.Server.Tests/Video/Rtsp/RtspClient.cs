using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace DroneOps.Server.Tests.Video.Rtsp;

/// <summary>An answer as the viewer reads it.</summary>
internal sealed record RtspHeard(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Session => Headers["Session"].Split(';')[0];
}

/// <summary>A viewer of our own, for what players do not do.</summary>
internal sealed class RtspClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _connection = new();
    private readonly CancellationTokenSource _limit = new(Patience, TimeProvider.System);
    private readonly string _base;
    private readonly string _user;
    private readonly string _password;
    private string? _nonce;
    private int _sequence;

    private RtspClient(int port, string user, string password) =>
        (_base, _user, _password) = (string.Create(CultureInfo.InvariantCulture, $"rtsp://127.0.0.1:{port}/"), user, password);

    /// <summary>Packets that came between the answers, by channel.</summary>
    public List<(byte Channel, byte[] Packet)> Packets { get; } = [];

    private NetworkStream Stream => _connection.GetStream();

    public static async Task<RtspClient> ConnectAsync(int port, string user, string password)
    {
        RtspClient client = new(port, user, password);
        await client._connection.ConnectAsync(IPAddress.Loopback, port, client._limit.Token);
        return client;
    }

    /// <summary>Asks, with proof as soon as the number for it is known.</summary>
    public async Task<RtspHeard> AskAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        var uri = _base + path;
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{method} {uri} RTSP/1.0\r\nCSeq: {++_sequence}\r\n");
        foreach (var (name, value) in headers)
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (_nonce is not null)
            text.Append(CultureInfo.InvariantCulture, $"Authorization: Digest username=\"{_user}\", realm=\"DroneOps\", nonce=\"{_nonce}\", uri=\"{uri}\", response=\"{Hash($"{Hash($"{_user}:DroneOps:{_password}")}:{_nonce}:{Hash($"{method}:{uri}")}")}\"\r\n");
        await SendAsync(text.Append("\r\n").ToString());
        while (true)
        {
            if (await AnswerAsync() is not { } answer)
                throw new EndOfStreamException("The server has closed.");
            if (answer.Headers.GetValueOrDefault("CSeq") != _sequence.ToString(CultureInfo.InvariantCulture))
                continue;
            if (answer.Headers.GetValueOrDefault("WWW-Authenticate") is { } challenge)
                _nonce = challenge.Split("nonce=\"")[1].Split('"')[0];
            return answer;
        }
    }

    public Task SendAsync(string text) => Stream.WriteAsync(Encoding.ASCII.GetBytes(text), _limit.Token).AsTask();

    /// <summary>Gets as far as a session.</summary>
    public async Task<string> SetUpAsync(string transport = "RTP/AVP/TCP;unicast;interleaved=0-1")
    {
        Assert.Equal(401, (await AskAsync("DESCRIBE", VideoRig.Stream)).Status);
        Assert.Equal(200, (await AskAsync("DESCRIBE", VideoRig.Stream)).Status);
        var answer = await AskAsync("SETUP", $"{VideoRig.Stream}/track", ("Transport", transport));
        Assert.Equal(200, answer.Status);
        return answer.Session;
    }

    /// <summary>Waits for a packet on a channel.</summary>
    public async Task<byte[]> PacketAsync(byte channel)
    {
        while (true)
        {
            var at = Packets.FindIndex(packet => packet.Channel == channel);
            if (at >= 0)
            {
                var packet = Packets[at].Packet;
                Packets.RemoveAt(at);
                return packet;
            }

            Assert.True(await FrameOrAnswerAsync(isAnswer: false) is not null, "The server has closed.");
        }
    }

    /// <summary>Reads to the end that the server makes.</summary>
    public async Task DrainAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await Stream.ReadAsync(buffer, _limit.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // With a reset, because not all was taken.
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _limit.Dispose();
    }

    private async Task<RtspHeard?> AnswerAsync()
    {
        while (true)
        {
            if (await FrameOrAnswerAsync(isAnswer: true) is not { } answer)
                return null;
            if (answer.Status != 0)
                return answer;
        }
    }

    // A frame is kept and told as an answer with the status 0.
    private async Task<RtspHeard?> FrameOrAnswerAsync(bool isAnswer)
    {
        var begin = new byte[4];
        if (await Stream.ReadAtLeastAsync(begin, 4, throwOnEndOfStream: false, _limit.Token) < 4)
            return null;
        if (begin[0] == '$')
        {
            var packet = new byte[BinaryPrimitives.ReadUInt16BigEndian(begin.AsSpan(2))];
            await Stream.ReadExactlyAsync(packet, _limit.Token);
            Packets.Add((begin[1], packet));
            return new(0, new Dictionary<string, string>(), "");
        }

        Assert.True(isAnswer, "An answer to nothing.");
        var head = new StringBuilder(Encoding.ASCII.GetString(begin));
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await Stream.ReadExactlyAsync(one, _limit.Token);
            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n");
        var headers = lines.Skip(1).Where(line => line.Length > 0).ToDictionary(line => line[..line.IndexOf(':', StringComparison.Ordinal)], line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await Stream.ReadExactlyAsync(body, _limit.Token);
        return new(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, Encoding.UTF8.GetString(body));
    }

#pragma warning disable CA5351 // Digest authentication as RTSP has it.
    private static string Hash(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}

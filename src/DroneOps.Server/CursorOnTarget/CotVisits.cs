using System.Net.Security;
using System.Net.Sockets;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>Lets one other side look at live positions: the audit entry, the look, and the entry of its end.</summary>
internal sealed class CotVisits(CotPicture picture, CotFigures figures, AuditLog audit, TimeProvider time, IOptions<CursorOnTargetOptions> options)
{
    // The kernel would queue minutes of positions for a slow reader; what waits here is replaced by what is newer.
    private const int KernelQueue = 64 * 1024;

    /// <summary>Sets what both kinds of connections want of a socket.</summary>
    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SendBufferSize = KernelQueue;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    /// <summary>Runs a connection to its end.</summary>
    /// <param name="stream">The opened stream; a TLS one has shown its certificates.</param>
    /// <param name="address">Ours, or the server's.</param>
    /// <param name="remote">Where the other side is.</param>
    /// <param name="isServer">Whether we went to it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Why it ended.</returns>
    public async Task<string> RunAsync(Stream stream, CotAddress address, string remote, bool isServer, CancellationToken cancellation)
    {
        var certificate = (stream as SslStream)?.RemoteCertificate;
        var subject = certificate?.Subject;
        var print = certificate?.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
        var about = $"cot/{remote}";
        var side = isServer ? "server" : "client";
        var told = new { options.Value.Vehicles, options.Value.Incidents, options.Value.Units };
        await audit.AppendAsync(new AuditEntry(Actors.System, "liveStream.opened", about, new { side, address = address.ToString(), certificate = subject, sha256 = print, told }), cancellation);
        CotConnection connection = new(stream, options.Value.UidPrefix, isServer, figures, time);
        figures.CountConnection(isServer, +1);
        picture.Join(connection);
        var reason = "broken";
        try
        {
            reason = await connection.RunAsync(cancellation);
        }
        finally
        {
            picture.Leave(connection);
            figures.CountConnection(isServer, -1);
            await audit.AppendAsync(new AuditEntry(Actors.System, "liveStream.closed", about, new { side, reason, sent = connection.Sent }), CancellationToken.None);
        }

        return reason;
    }
}

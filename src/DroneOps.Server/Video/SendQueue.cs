using System.Net.Sockets;

namespace DroneOps.Server.Video;

/// <summary>The part of a viewer's queue that is the kernel's.</summary>
internal static class SendQueue
{
    private const int Tcp = 6;
    private const int NotSentLowWater = 25;
    private const int NotSentBytes = 64 * 1024;

    /// <summary>The kernel would queue megabytes for a slow viewer: seconds of pictures that are old when they are seen. Within this limit the queue is
    /// ours, and drops.</summary>
    public static void KeepShort(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux())
            return;
        try
        {
            socket.SetRawSocketOption(Tcp, NotSentLowWater, BitConverter.GetBytes(NotSentBytes));
        }
        catch (Exception refused) when (refused is SocketException or ObjectDisposedException)
        {
            // It only bounds what waits.
        }
    }
}

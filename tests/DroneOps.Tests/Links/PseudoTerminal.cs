using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DroneOps.Tests.Links;

/// <summary>A serial line without the hardware: one end is a device that a port can be opened on, the other this stream.</summary>
internal sealed class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2;

    public PseudoTerminal()
    {
        var master = Open("/dev/ptmx", ReadWrite);
        var name = new byte[128];
        if (master < 0 || Grant(master) != 0 || Unlock(master) != 0 || NameOf(master, name, (nuint)name.Length) != 0)
            throw new IOException($"No pseudo terminal, error {Marshal.GetLastPInvokeError()}.");
        Device = Encoding.ASCII.GetString(name, 0, Array.IndexOf(name, (byte)0));
        Stream = new FileStream(new SafeFileHandle(master, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
    }

    public string Device { get; }

    public FileStream Stream { get; }

    public void Dispose() => Stream.Dispose();

#pragma warning disable SYSLIB1054 // A test project needs no generated marshalling for four calls.
    [DllImport("libc", EntryPoint = "open", SetLastError = true, BestFitMapping = false, CharSet = CharSet.Ansi)]
    private static extern int Open([MarshalAs(UnmanagedType.LPStr)] string path, int flags);

    [DllImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static extern int Grant(int master);

    [DllImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static extern int Unlock(int master);

    [DllImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static extern int NameOf(int master, byte[] name, nuint length);
#pragma warning restore SYSLIB1054
}

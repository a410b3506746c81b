using DroneOps.Links;
using Xunit;

namespace DroneOps.Tests.Links;

public sealed class LinkUriTests
{
    [Theory]
    [InlineData("udp-listen://0.0.0.0:14550", LinkKind.UdpListen, "0.0.0.0", 14550)]
    [InlineData("udp-listen://:14550", LinkKind.UdpListen, "0.0.0.0", 14550)]
    [InlineData("udp://drone-7.lan:14550", LinkKind.Udp, "drone-7.lan", 14550)]
    [InlineData("udp://[fd00::7]:14550", LinkKind.Udp, "fd00::7", 14550)]
    [InlineData("tcp-listen://127.0.0.1:5760/", LinkKind.TcpListen, "127.0.0.1", 5760)]
    [InlineData("TCP://10.0.0.1:5760", LinkKind.Tcp, "10.0.0.1", 5760)]
    [InlineData("serial:///dev/ttyUSB0?baud=921600", LinkKind.Serial, "/dev/ttyUSB0", 0)]
    [InlineData("serial://COM7", LinkKind.Serial, "COM7", 0)]
    [InlineData("memory://simulator", LinkKind.Memory, "simulator", 0)]
    public void An_address_says_where_a_link_leads(string text, LinkKind kind, string target, int port)
    {
        var uri = LinkUri.Parse(text);
        Assert.Equal((kind, target, port), (uri.Kind, uri.Target, uri.Port));
        Assert.Equal(uri, LinkUri.Parse(uri.ToString()));
    }

    [Fact]
    public void Options_come_after_the_address()
    {
        var uri = LinkUri.Parse("serial:///dev/ttyACM0?baud=115200&flow=rtscts&network=old%20city&priority=3&group=uplink");
        Assert.Equal((115200, true, "old city", (byte)3, "uplink"), (uri.Baud, uri.HardwareFlowControl, uri.Network, uri.Priority, uri.Group));
        Assert.Equal(uri, LinkUri.Parse(uri.ToString()));
    }

    [Theory]
    [InlineData(null, "needs an address")]
    [InlineData("  ", "needs an address")]
    [InlineData("127.0.0.1:14550", "no '://'")]
    [InlineData("http://127.0.0.1:80", "starts with 'http'")]
    [InlineData("udp://127.0.0.1", "port is missing")]
    [InlineData("udp://127.0.0.1:0", "not a port")]
    [InlineData("udp://127.0.0.1:70000", "not a port")]
    [InlineData("udp://127.0.0.1:-1", "not a port")]
    [InlineData("udp://:14550", "host is missing")]
    [InlineData("udp://a b:14550", "not a host name")]
    [InlineData("udp://fd00::7:14550", "square brackets")]
    [InlineData("serial://", "names a device")]
    [InlineData("memory://", "has a name")]
    [InlineData("serial:///dev/ttyUSB0?baud=fast", "'fast' is no value for 'baud'")]
    [InlineData("serial:///dev/ttyUSB0?flow=x", "'x' is no value for 'flow'")]
    [InlineData("udp://127.0.0.1:1?baud=57600", "belongs to serial")]
    [InlineData("udp://127.0.0.1:1?priority=256", "no value for 'priority'")]
    [InlineData("udp://127.0.0.1:1?speed=1", "'speed' is unknown")]
    public void What_is_wrong_with_an_address_is_said_in_a_sentence(string? text, string part)
    {
        Assert.False(LinkUri.TryParse(text, out _, out var error));
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.EndsWith(".", error, StringComparison.Ordinal);
    }
}

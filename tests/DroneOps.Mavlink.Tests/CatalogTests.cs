using DroneOps.Mavlink.Messages;
using DroneOps.Tests;
using Xunit;

namespace DroneOps.Mavlink.Tests;

public sealed class CatalogTests
{
    /// <summary>id, name, CRC_EXTRA, base and full length of every message, as the protocol's own generator computes them.</summary>
    public static TheoryData<uint, string, byte, byte, byte> Published()
    {
        var data = new TheoryData<uint, string, byte, byte, byte>();
        foreach (var line in File.ReadLines(Checkout.Golden("mavlink-messages.csv")).Skip(1))
        {
            var f = line.Split(',');
            data.Add(uint.Parse(f[0]), f[1], byte.Parse(f[2]), byte.Parse(f[3]), byte.Parse(f[4]));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Every_message_has_the_published_checksum_seed_and_lengths(uint id, string name, byte crcExtra, byte minLength, byte maxLength)
    {
        Assert.True(MessageCatalog.Default.TryFind(id, out var message));
        Assert.Equal((name, crcExtra, minLength, maxLength), (message.Name, message.CrcExtra, message.MinLength, message.MaxLength));
    }

    [Fact]
    public void The_catalog_holds_all_325_messages() => Assert.Equal(325, MessageCatalog.Default.Messages.Count);

    [Fact]
    public void A_struct_is_as_long_as_its_payload() => Assert.Equal(Heartbeat.MaxLength, System.Runtime.CompilerServices.Unsafe.SizeOf<Heartbeat>());
}

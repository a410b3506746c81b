using DroneOps.Simulator.Camera;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Simulator.Camera;

public sealed class FlvTagsTests
{
    private static byte[] Tag(int kind, params byte[] body) =>
        [(byte)kind, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, 0, 0, 0, 0, 0, 0, 0, .. body, 0, 0, 0, 0];

    private static byte[] Picture(params byte[][] units) => Tag(9, [0x17, 1, 0, 0, 0, .. units.SelectMany(u => (byte[])[0, 0, 0, (byte)u.Length, .. u])]);

    private static async Task<List<byte[]>> ReadAsync(params byte[][] tags)
    {
        var pictures = new List<byte[]>();
        var reader = new FlvTags(new MemoryStream([.. "FLV"u8, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0, .. tags.SelectMany(tag => tag)]));
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } picture)
            pictures.Add(picture.ToArray());
        return pictures;
    }

    [Fact]
    public async Task Pictures_come_with_start_codes_and_from_their_delimiter_on()
    {
        var pictures = await ReadAsync(
            Tag(18, 1, 2, 3), Tag(9, 0x17, 0, 0, 0, 0, 1, 0x42), Picture([6, 99], [9, 0xF0], [0x67, 1, 2], [0x65, 3]), Picture([9, 0xF0], [0x41, 4]));

        Assert.Equal(["0000000109F0000000016701020000000165" + "03", "0000000109F0000000014104"], pictures.Select(Convert.ToHexString));
    }

    [Fact]
    public async Task What_is_cut_off_is_the_end_and_what_is_no_FLV_is_refused()
    {
        Assert.Empty(await ReadAsync(Picture([9, 0xF0], [0x41, 4])[..^6]));
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(Tag(9, 0x17, 1, 0, 0, 0, 0, 0, 0, 9, 1, 2)));
        await Assert.ThrowsAsync<InvalidDataException>(
            async () => await new FlvTags(new MemoryStream(new byte[40])).ReadAsync(TestContext.Current.CancellationToken));
    }

    [Property(MaxTest = 200)]
    public bool No_bytes_are_too_bad_for_it(byte[] bytes)
    {
        try
        {
            return ReadAsync(bytes).IsCompleted;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }
}

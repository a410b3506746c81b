using System.Globalization;
using DroneOps.Media.Klv;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Media;

public sealed class UavMetadataTests
{
    private static readonly byte[] Golden = Sealed(GoldenStream.Read("uav-metadata.bin"));

    private static readonly Dictionary<int, string> Truth = File.ReadLines(Checkout.Golden("media", "uav-metadata.csv"))
        .Select(line => line.Split(',', 3)).ToDictionary(cells => int.Parse(cells[0], CultureInfo.InvariantCulture), cells => cells[2]);

    [Fact]
    public void Values_are_those_that_another_reader_finds()
    {
        var read = Read(Golden);
        Assert.Equal(Truth[2], read.At!.Value.ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture));
        Assert.Equal((Truth[3], Truth[10], Truth[11], Truth[12]), (read.MissionId, read.PlatformDesignation, read.ImageSourceSensor, read.ImageCoordinateSystem));
        (int Tag, double? Value)[] numbers =
        [
            (5, read.PlatformHeadingDeg), (6, read.PlatformPitchDeg), (7, read.PlatformRollDeg), (13, read.Sensor?.LatitudeDeg), (14, read.Sensor?.LongitudeDeg),
            (15, read.SensorAltitudeAmslM), (16, read.HorizontalFieldOfViewDeg), (17, read.VerticalFieldOfViewDeg), (18, read.SensorRelativeAzimuthDeg),
            (19, read.SensorRelativeElevationDeg), (20, read.SensorRelativeRollDeg), (21, read.SlantRangeM), (22, read.TargetWidthM),
            (23, read.FrameCenter?.LatitudeDeg), (24, read.FrameCenter?.LongitudeDeg), (25, read.FrameCenterElevationAmslM), (65, read.Version),
        ];
        Assert.All(numbers, item => Assert.Equal(double.Parse(Truth[item.Tag], CultureInfo.InvariantCulture), item.Value!.Value, 1e-9));
        Assert.Equal(Truth.Where(pair => pair.Key is 48 or 94), read.Unknown.Select(item => KeyValuePair.Create(item.Tag, Convert.ToHexStringLower(item.Value.Span))));
        Assert.Null(read.Corners);
        Assert.Null(read.TailNumber);
    }

    [Fact]
    public void Values_are_written_in_the_bytes_in_which_they_came()
    {
        var written = Write(Read(Golden));
        Assert.Equal(Items(Golden).Order(StringComparer.Ordinal), Items(written).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_checksum_is_the_one_that_others_compute()
    {
        var moving = GoldenStream.Read("uav-metadata-moving.bin");
        Assert.Equal(60.1768, Read(moving).Sensor!.Value.LatitudeDeg, 1e-4);
        Assert.Equal(moving, Sealed(moving));
        Assert.IsType<UavMetadataResult.WrongChecksum>(UavMetadataCodec.Read(GoldenStream.Read("uav-metadata.bin")));
    }

    [Fact]
    public void One_wrong_bit_is_noticed()
    {
        for (var bit = 0; bit < Golden.Length * 8; bit++)
        {
            var broken = (byte[])Golden.Clone();
            broken[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.IsNotType<UavMetadataResult.Read>(UavMetadataCodec.Read(broken));
        }
    }

    [Fact]
    public void Every_shorter_packet_is_malformed()
    {
        for (var length = 0; length < Golden.Length; length++)
            Assert.IsType<UavMetadataResult.Malformed>(UavMetadataCodec.Read(Golden.AsSpan(0, length)));
    }

    [Fact]
    public void Another_local_set_is_told_apart()
    {
        var other = (byte[])Golden.Clone();
        other[11] ^= 1;
        Assert.IsType<UavMetadataResult.OtherSet>(UavMetadataCodec.Read(other));
    }

    [Fact]
    public void A_value_beyond_its_range_is_sent_as_out_of_range_and_read_as_not_known()
    {
        var read = Read(Write(new UavMetadata { PlatformPitchDeg = 21, PlatformRollDeg = -50, SensorAltitudeAmslM = 30_000 }));
        Assert.Equal((null, -50, 19_000), (read.PlatformPitchDeg, read.PlatformRollDeg, read.SensorAltitudeAmslM));
    }

    [Fact]
    public void Corners_sent_as_distances_are_places()
    {
        // Tags 23, 24 and 26 to 33 by hand: 1/100 of a degree is 4369 of 32767 for 0.075.
        GeoPoint center = new(24.5, 117.65);
        Footprint shape = new(new(24.51, 117.64), new(24.51, 117.66), new(24.49, 117.66), new(24.49, 117.64));
        var items = Items(Write(new UavMetadata { FrameCenter = center, Corners = shape }));
        Assert.Equal(["1A021111", "1B02EEEF", "1C021111", "1D021111", "1E02EEEF", "1F021111", "2002EEEF", "2102EEEF"], items.Where(item => item[0] is '1' or '2' && item.Length == 8 && item is not ['1', '9', ..]));
        byte[] near = [.. items.Where(item => string.CompareOrdinal(item[..2], "52") < 0).SelectMany(Convert.FromHexString)];
        byte[] packet = [.. Golden[..16], (byte)(near.Length + 4), .. near, 0, 0, 0, 0];
        UavMetadataCodec.Seal(packet);
        var read = Read(packet).Corners!.Value;
        Assert.Equal(shape.UpperLeft.LatitudeDeg, read.UpperLeft.LatitudeDeg, 3e-6);
        Assert.Equal(shape.UpperRight.LongitudeDeg, read.UpperRight.LongitudeDeg, 3e-6);
        Assert.Equal(shape.LowerRight.LatitudeDeg, read.LowerRight.LatitudeDeg, 3e-6);
        Assert.Equal(shape.LowerLeft.LongitudeDeg, read.LowerLeft.LongitudeDeg, 3e-6);
    }

    [Property(MaxTest = 300)]
    public Property What_is_written_is_read_within_the_step_of_its_integers() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        double Within(double least, double greatest) => least + random.NextDouble() * (greatest - least);
        GeoPoint Place() => new(Within(-90, 90), Within(-180, 180));
        UavMetadata sent = new()
        {
            At = DateTimeOffset.UnixEpoch.AddMicroseconds(random.NextInt64(1, 4_000_000_000_000_000)),
            MissionId = new string((char)random.Next(32, 0xD800), random.Next(0, 40)),
            PlatformHeadingDeg = Within(0, 360),
            PlatformPitchDeg = Within(-20, 20),
            Sensor = Place(),
            SensorAltitudeAmslM = Within(-900, 19_000),
            SensorRelativeElevationDeg = Within(-180, 180),
            Corners = new(Place(), Place(), Place(), Place()),
            FrameCenter = Place(),
            SlantRangeM = Within(0, 5_000_000),
        };
        var read = Read(Write(sent));
        Assert.Equal((sent.At, sent.MissionId), (read.At, read.MissionId));
        Assert.Equal(sent.PlatformHeadingDeg.Value, read.PlatformHeadingDeg!.Value, 0.003);
        Assert.Equal(sent.PlatformPitchDeg.Value, read.PlatformPitchDeg!.Value, 0.0004);
        Assert.Equal(sent.Sensor.Value.LatitudeDeg, read.Sensor!.Value.LatitudeDeg, 3e-8);
        Assert.Equal(sent.Sensor.Value.LongitudeDeg, read.Sensor.Value.LongitudeDeg, 5e-8);
        Assert.Equal(sent.SensorAltitudeAmslM.Value, read.SensorAltitudeAmslM!.Value, 0.16);
        Assert.Equal(sent.SensorRelativeElevationDeg.Value, read.SensorRelativeElevationDeg!.Value, 5e-8);
        Assert.Equal(sent.Corners.Value.LowerLeft.LongitudeDeg, read.Corners!.Value.LowerLeft.LongitudeDeg, 5e-8);
        Assert.Equal(sent.Corners.Value.UpperRight.LatitudeDeg, read.Corners.Value.UpperRight.LatitudeDeg, 5e-8);
        Assert.Equal(sent.SlantRangeM.Value, read.SlantRangeM!.Value, 0.001);
    });

    private static UavMetadata Read(byte[] packet) => Assert.IsType<UavMetadataResult.Read>(UavMetadataCodec.Read(packet)).Metadata;

    private static byte[] Write(UavMetadata metadata)
    {
        var buffer = new byte[UavMetadataCodec.LongestKnown];
        return buffer[..UavMetadataCodec.Write(metadata, buffer)];
    }

    private static byte[] Sealed(byte[] packet)
    {
        var mended = (byte[])packet.Clone();
        UavMetadataCodec.Seal(mended);
        return mended;
    }

    // Each item in hexadecimal, without the checksum. Tags and lengths of these packets have one byte.
    private static List<string> Items(byte[] packet)
    {
        List<string> items = [];
        var position = packet[16] < 0x80 ? 17 : 17 + (packet[16] & 0x7F);
        for (; position < packet.Length - 4; position += 2 + packet[position + 1])
            items.Add(Convert.ToHexString(packet, position, 2 + packet[position + 1]));
        return items;
    }
}

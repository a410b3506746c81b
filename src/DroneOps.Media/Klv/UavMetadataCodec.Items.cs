using System.Buffers.Binary;
using System.Text;

namespace DroneOps.Media.Klv;

// The items, section 8 of ST 0601, each with its range.
public static partial class UavMetadataCodec
{
    private const int FirstOffset = 26;
    private const int FirstCorner = 82;
    private const int CornerItems = 8;

    private static readonly FixedPoint Heading = new(2, 0, 360);
    private static readonly FixedPoint Pitch = new(2, -20, 20);
    private static readonly FixedPoint Roll = new(2, -50, 50);
    private static readonly FixedPoint Latitude = new(4, -90, 90);
    private static readonly FixedPoint Longitude = new(4, -180, 180);
    private static readonly FixedPoint Altitude = new(2, -900, 19_000);
    private static readonly FixedPoint FieldOfView = new(2, 0, 180);
    private static readonly FixedPoint Turn = new(4, 0, 360);
    private static readonly FixedPoint Elevation = new(4, -180, 180);
    private static readonly FixedPoint Range = new(4, 0, 5_000_000);
    private static readonly FixedPoint Width = new(2, 0, 10_000);
    private static readonly FixedPoint Offset = new(2, -0.075, 0.075);

    private static UavMetadata? ReadItems(ReadOnlySpan<byte> items)
    {
        var metadata = new UavMetadata();
        double? latitude = null, longitude = null, centerLatitude = null, centerLongitude = null;
        Span<double> offsets = stackalloc double[CornerItems], corners = stackalloc double[CornerItems];
        offsets.Fill(double.NaN);
        corners.Fill(double.NaN);
        List<UnknownItem>? unknown = null;
        while (!items.IsEmpty)
        {
            if (ReadTag(ref items) is not { } tag || KlvPacket.ReadLength(ref items) is not { } length || length > items.Length)
                return null;
            var value = items[..length];
            items = items[length..];
            switch (tag)
            {
                case 2: metadata = metadata with { At = value.Length == 8 ? UnixMicroseconds.ToTime(BinaryPrimitives.ReadUInt64BigEndian(value)) : null }; break;
                case 3: metadata = metadata with { MissionId = Text(value) }; break;
                case 4: metadata = metadata with { TailNumber = Text(value) }; break;
                case 5: metadata = metadata with { PlatformHeadingDeg = Heading.Read(value) }; break;
                case 6: metadata = metadata with { PlatformPitchDeg = Pitch.Read(value) }; break;
                case 7: metadata = metadata with { PlatformRollDeg = Roll.Read(value) }; break;
                case 10: metadata = metadata with { PlatformDesignation = Text(value) }; break;
                case 11: metadata = metadata with { ImageSourceSensor = Text(value) }; break;
                case 12: metadata = metadata with { ImageCoordinateSystem = Text(value) }; break;
                case 13: latitude = Latitude.Read(value); break;
                case 14: longitude = Longitude.Read(value); break;
                case 15: metadata = metadata with { SensorAltitudeAmslM = Altitude.Read(value) }; break;
                case 16: metadata = metadata with { HorizontalFieldOfViewDeg = FieldOfView.Read(value) }; break;
                case 17: metadata = metadata with { VerticalFieldOfViewDeg = FieldOfView.Read(value) }; break;
                case 18: metadata = metadata with { SensorRelativeAzimuthDeg = Turn.Read(value) }; break;
                case 19: metadata = metadata with { SensorRelativeElevationDeg = Elevation.Read(value) }; break;
                case 20: metadata = metadata with { SensorRelativeRollDeg = Turn.Read(value) }; break;
                case 21: metadata = metadata with { SlantRangeM = Range.Read(value) }; break;
                case 22: metadata = metadata with { TargetWidthM = Width.Read(value) }; break;
                case 23: centerLatitude = Latitude.Read(value); break;
                case 24: centerLongitude = Longitude.Read(value); break;
                case 25: metadata = metadata with { FrameCenterElevationAmslM = Altitude.Read(value) }; break;
                case >= FirstOffset and < FirstOffset + CornerItems: offsets[tag - FirstOffset] = Offset.Read(value) ?? double.NaN; break;
                case 65: metadata = metadata with { Version = value.Length == 1 ? value[0] : null }; break;
                case >= FirstCorner and < FirstCorner + CornerItems:
                    corners[tag - FirstCorner] = ((tag & 1) == 0 ? Latitude : Longitude).Read(value) ?? double.NaN;
                    break;
                case ChecksumTag: break;
                default:
                    if ((unknown ??= []).Count < MostUnknown)
                        unknown.Add(new UnknownItem(tag, value.ToArray()));
                    break;
            }
        }

        var center = Point(centerLatitude, centerLongitude);
        return metadata with
        {
            Sensor = Point(latitude, longitude),
            FrameCenter = center,
            Corners = Shape(corners, default) ?? (center is { } middle ? Shape(offsets, middle) : null),
            Unknown = unknown is null ? [] : unknown,
        };
    }

    private static void WriteItems(ref ItemWriter writer, UavMetadata metadata)
    {
        if (metadata.At is { } at)
        {
            // 6.3.2: the time goes first.
            Span<byte> time = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(time, UnixMicroseconds.FromTime(at));
            writer.Raw(2, time);
        }

        writer.Text(3, metadata.MissionId);
        writer.Text(4, metadata.TailNumber);
        writer.Number(5, metadata.PlatformHeadingDeg, Heading);
        writer.Number(6, metadata.PlatformPitchDeg, Pitch);
        writer.Number(7, metadata.PlatformRollDeg, Roll);
        writer.Text(10, metadata.PlatformDesignation);
        writer.Text(11, metadata.ImageSourceSensor);
        writer.Text(12, metadata.ImageCoordinateSystem);
        writer.Number(13, metadata.Sensor?.LatitudeDeg, Latitude);
        writer.Number(14, metadata.Sensor?.LongitudeDeg, Longitude);
        writer.Number(15, metadata.SensorAltitudeAmslM, Altitude);
        writer.Number(16, metadata.HorizontalFieldOfViewDeg, FieldOfView);
        writer.Number(17, metadata.VerticalFieldOfViewDeg, FieldOfView);
        writer.Number(18, metadata.SensorRelativeAzimuthDeg, Turn);
        writer.Number(19, metadata.SensorRelativeElevationDeg, Elevation);
        writer.Number(20, metadata.SensorRelativeRollDeg, Turn);
        writer.Number(21, metadata.SlantRangeM, Range);
        writer.Number(22, metadata.TargetWidthM, Width);
        writer.Number(23, metadata.FrameCenter?.LatitudeDeg, Latitude);
        writer.Number(24, metadata.FrameCenter?.LongitudeDeg, Longitude);
        writer.Number(25, metadata.FrameCenterElevationAmslM, Altitude);
        if (metadata.Corners is { } shape)
            WriteCorners(ref writer, shape, metadata.FrameCenter);
        if (metadata.Version is { } version)
            writer.Raw(65, [(byte)version]);
        foreach (var item in metadata.Unknown)
            writer.Raw(item.Tag, item.Value.Span);
    }

    private static void WriteCorners(ref ItemWriter writer, Footprint shape, GeoPoint? center)
    {
        ReadOnlySpan<double> corners =
        [
            shape.UpperLeft.LatitudeDeg, shape.UpperLeft.LongitudeDeg, shape.UpperRight.LatitudeDeg, shape.UpperRight.LongitudeDeg,
            shape.LowerRight.LatitudeDeg, shape.LowerRight.LongitudeDeg, shape.LowerLeft.LatitudeDeg, shape.LowerLeft.LongitudeDeg,
        ];
        if (center is { } middle)
        {
            Span<double> offsets = stackalloc double[CornerItems];
            for (var i = 0; i < CornerItems; i++)
                offsets[i] = corners[i] - ((i & 1) == 0 ? middle.LatitudeDeg : middle.LongitudeDeg);
            // A corner near the horizon is farther away than a distance can say; then the full positions stand alone.
            var isNear = !offsets.ContainsAnyExceptInRange(-Offset.Greatest, Offset.Greatest);
            for (var i = 0; i < CornerItems && isNear; i++)
                writer.Number(FirstOffset + i, offsets[i], Offset);
        }

        for (var i = 0; i < CornerItems; i++)
            writer.Number(FirstCorner + i, corners[i], (i & 1) == 0 ? Latitude : Longitude);
    }

    private static GeoPoint? Point(double? latitude, double? longitude) =>
        latitude is { } north && longitude is { } east ? new GeoPoint(north, east) : null;

    private static Footprint? Shape(ReadOnlySpan<double> items, GeoPoint origin)
    {
        foreach (var item in items)
        {
            if (double.IsNaN(item))
                return null;
        }

        return new Footprint(Corner(items, 0, origin), Corner(items, 1, origin), Corner(items, 2, origin), Corner(items, 3, origin));
    }

    private static GeoPoint Corner(ReadOnlySpan<double> items, int number, GeoPoint origin) =>
        new(origin.LatitudeDeg + items[2 * number], origin.LongitudeDeg + items[2 * number + 1]);

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value);
}

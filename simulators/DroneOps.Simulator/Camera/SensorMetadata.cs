using System.Buffers.Binary;
using System.Text;
using DroneOps.Mavlink;

namespace DroneOps.Simulator.Camera;

/// <summary>Writes what a camera knows about one moment as MISB ST 0601. It shares nothing with the reading side: a misreading of the standard
/// must not cancel itself out.</summary>
internal static class SensorMetadata
{
    private const int Version = 19;
    private const int KeyLength = 16;
    private const int LengthField = 3;
    private const int ChecksumLength = 4;
    private const double MostOffset = 0.075;

    /// <summary>Bytes that one packet takes at most.</summary>
    public const int MaxLength = 512;

    private static ReadOnlySpan<byte> Key => [0x06, 0x0E, 0x2B, 0x34, 0x02, 0x0B, 0x01, 0x01, 0x0E, 0x01, 0x03, 0x01, 0x01, 0x00, 0x00, 0x00];

    /// <returns>The length of the packet.</returns>
    /// <param name="packet">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="at">When the picture was taken.</param>
    /// <param name="shot">From where.</param>
    /// <param name="callSign">Of the vehicle.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    public static int Write(Span<byte> packet, DateTimeOffset at, CameraShot shot, string callSign, int width, int height)
    {
        Key.CopyTo(packet);
        var items = new Items(packet[(KeyLength + LengthField)..]);
        items.Add(2, 8, (long)(at - DateTimeOffset.UnixEpoch).TotalMicroseconds);
        items.Unsigned(5, 2, shot.Heading, 0, 360);
        items.Signed(6, 2, shot.Pitch, 20);
        items.Signed(7, 2, shot.Roll, 50);
        items.Text(10, "DroneOps simulated copter");
        items.Signed(13, 4, shot.Place.LatitudeDeg, 90);
        items.Signed(14, 4, shot.Place.LongitudeDeg, 180);
        items.Unsigned(15, 2, shot.AltitudeAmsl, -900, 19_000);
        items.Unsigned(16, 2, shot.FieldOfView, 0, 180);
        items.Unsigned(17, 2, shot.VerticalFieldOfView(width, height), 0, 180);
        var (azimuth, elevation, roll) = InVehicle(shot);
        items.Unsigned(18, 4, azimuth, 0, 360);
        items.Signed(19, 4, elevation, 180);
        items.Unsigned(20, 4, roll, 0, 360);
        if (shot.Target is { } target && shot.SlantRange is { } range)
        {
            items.Unsigned(21, 4, range, 0, 5_000_000);
            items.Unsigned(22, 2, 2 * range * Math.Tan(shot.FieldOfView * Math.PI / 360), 0, 10_000);
            items.Signed(23, 4, target.LatitudeDeg, 90);
            items.Signed(24, 4, target.LongitudeDeg, 180);
            items.Unsigned(25, 2, shot.AltitudeAmsl - shot.Height, -900, 19_000);
            AddCorners(ref items, shot, target, width, height);
        }

        items.Text(59, callSign);
        items.Add(65, 1, Version);
        // Beyond the ranges of items 6 and 7, which then say so, pitch and roll have items of their own.
        if (Math.Abs(shot.Pitch) > 20)
            items.Signed(90, 4, shot.Pitch, 90);
        if (Math.Abs(shot.Roll) > 50)
            items.Signed(91, 4, shot.Roll, 90);

        var length = items.Length + ChecksumLength;
        (packet[KeyLength], packet[KeyLength + 1], packet[KeyLength + 2]) = (0x82, (byte)(length >> 8), (byte)length);
        var end = KeyLength + LengthField + length;
        (packet[end - 4], packet[end - 3]) = (1, 2);
        BinaryPrimitives.WriteUInt16BigEndian(packet[(end - 2)..], Checksum(packet[..(end - 2)]));
        return end;
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        for (var i = 0; i < bytes.Length; i++)
            sum += bytes[i] << (8 * ((i + 1) % 2));
        return (ushort)sum;
    }

    /// <summary>Upper left, upper right, lower right and lower left, as differences from the middle; none when one is too far or in the sky.</summary>
    private static void AddCorners(ref Items items, CameraShot shot, GeoPoint middle, int width, int height)
    {
        ReadOnlySpan<(int X, int Y)> corners = [(0, 0), (1, 0), (1, 1), (0, 1)];
        Span<(double Latitude, double Longitude)> offsets = stackalloc (double, double)[corners.Length];
        for (var i = 0; i < corners.Length; i++)
        {
            if (shot.Seen(corners[i].X, corners[i].Y, width, height) is not { } corner)
                return;
            offsets[i] = (corner.LatitudeDeg - middle.LatitudeDeg, corner.LongitudeDeg - middle.LongitudeDeg);
            if (Math.Abs(offsets[i].Latitude) > MostOffset || Math.Abs(offsets[i].Longitude) > MostOffset)
                return;
        }

        for (var i = 0; i < corners.Length; i++)
        {
            items.Signed((byte)(26 + (2 * i)), 2, offsets[i].Latitude, MostOffset);
            items.Signed((byte)(27 + (2 * i)), 2, offsets[i].Longitude, MostOffset);
        }
    }

    /// <summary>The line of sight as the vehicle has it, which leans while the gimbal stays level.</summary>
    private static (double Azimuth, double Elevation, double Roll) InVehicle(CameraShot shot)
    {
        const double Radians = Math.PI / 180;
        var (sinYaw, cosYaw) = Math.SinCos((shot.GimbalYaw - shot.Heading) * Radians);
        var (sinPitch, cosPitch) = Math.SinCos(shot.GimbalPitch * Radians);
        var sight = Lean(shot, cosPitch * cosYaw, cosPitch * sinYaw, -sinPitch);
        var right = Lean(shot, -sinYaw, cosYaw, 0);
        var azimuth = Math.Atan2(sight.Y, sight.X);
        var elevation = Math.Asin(Math.Clamp(-sight.Z, -1, 1));
        var (sinAzimuth, cosAzimuth) = Math.SinCos(azimuth);
        var (sinElevation, cosElevation) = Math.SinCos(elevation);
        var level = (right.Y * cosAzimuth) - (right.X * sinAzimuth);
        var down = (right.X * sinElevation * cosAzimuth) + (right.Y * sinElevation * sinAzimuth) + (right.Z * cosElevation);
        static double Turn(double radians) => (radians / Radians + 360) % 360;
        return (Turn(azimuth), elevation / Radians, Turn(Math.Atan2(down, level)));
    }

    /// <summary>From level axes along the nose into the vehicle's: forward, right, down.</summary>
    private static (double X, double Y, double Z) Lean(CameraShot shot, double x, double y, double z)
    {
        var (sinPitch, cosPitch) = Math.SinCos(shot.Pitch * Math.PI / 180);
        var (sinRoll, cosRoll) = Math.SinCos(shot.Roll * Math.PI / 180);
        (x, z) = ((x * cosPitch) - (z * sinPitch), (x * sinPitch) + (z * cosPitch));
        return (x, (y * cosRoll) + (z * sinRoll), (z * cosRoll) - (y * sinRoll));
    }

    private ref struct Items(Span<byte> bytes)
    {
        private readonly Span<byte> _bytes = bytes;

        public int Length { get; private set; }

        public void Add(byte tag, int length, long value)
        {
            _bytes[Length++] = tag;
            _bytes[Length++] = (byte)length;
            for (var shift = (length - 1) * 8; shift >= 0; shift -= 8)
                _bytes[Length++] = (byte)(value >> shift);
        }

        public void Unsigned(byte tag, int length, double value, double low, double high)
        {
            var most = (1L << (8 * length)) - 1;
            Add(tag, length, (long)Math.Round((Math.Clamp(value, low, high) - low) / (high - low) * most));
        }

        /// <summary>The lowest number of all says "out of range".</summary>
        public void Signed(byte tag, int length, double value, double limit)
        {
            var most = (1L << ((8 * length) - 1)) - 1;
            Add(tag, length, Math.Abs(value) > limit ? -most - 1 : (long)Math.Round(value / limit * most));
        }

        public void Text(byte tag, string text)
        {
            _bytes[Length++] = tag;
            _bytes[Length] = (byte)Encoding.UTF8.GetBytes(text, _bytes[(Length + 1)..]);
            Length += _bytes[Length] + 1;
        }
    }
}

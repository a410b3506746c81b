using DroneOps.Mavlink.Messages;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Mavlink.Tests;

public sealed class FrameScannerTests
{
    private static readonly MavlinkAddress Copter = new(1, 1);

    [Fact]
    public void Text_between_frames_is_skipped_and_counted()
    {
        var text = "\n\nInit ArduCopter V4.7.0-dev (2598e9d4)\n\nFree RAM: 524288\n"u8.ToArray();
        byte[] stream = [.. text, .. Frame(0), .. "Init Gyro**\n"u8, .. Frame(1)];
        var scanner = new FrameScanner(stream, MessageCatalog.Default, isFinal: true);
        Assert.Equal(2, Count(ref scanner));
        Assert.Equal(text.Length + 12, scanner.Counters.SkippedBytes);
        Assert.Equal(stream.Length, scanner.Position);
    }

    [Property(MaxTest = 60)]
    public void Every_intact_frame_of_a_damaged_stream_is_found(int seed)
    {
        var random = new System.Random(seed);
        var (stream, starts) = Stream(random, 300);
        var damaged = (byte[])stream.Clone();
        var hit = new bool[stream.Length];
        for (var i = 0; i < stream.Length; i++)
        {
            if (random.Next(100) == 0)
            {
                damaged[i] ^= (byte)random.Next(1, 256);
                hit[i] = true;
            }
        }

        var found = new HashSet<int>();
        var scanner = new FrameScanner(damaged, MessageCatalog.Default, isFinal: true);
        while (scanner.TryRead(out var frame))
            found.Add(scanner.Position - frame.Bytes.Length);
        for (var i = 0; i + 1 < starts.Count; i++)
        {
            if (!hit.AsSpan(starts[i], starts[i + 1] - starts[i]).Contains(true))
                Assert.Contains(starts[i], found);
        }
    }

    [Property(MaxTest = 100)]
    public void Cutting_the_stream_anywhere_changes_nothing(int seed)
    {
        var random = new System.Random(seed);
        var (stream, starts) = Stream(random, 50);
        var reader = new FrameReader(MessageCatalog.Default);
        var frames = 0;
        for (var at = 0; at < stream.Length;)
        {
            var piece = Math.Min(random.Next(1, 90), stream.Length - at);
            stream.AsSpan(at, piece).CopyTo(reader.GetMemory().Span);
            reader.Advance(piece);
            at += piece;
            while (reader.TryRead(out _))
                frames++;
        }

        Assert.Equal(starts.Count - 1, frames);
        Assert.Equal(0, reader.Counters.SkippedBytes);
    }

    [Property(MaxTest = 200)]
    public void Any_bytes_at_all_are_survived_and_accounted_for(byte[] noise)
    {
        var scanner = new FrameScanner(noise, MessageCatalog.Default, isFinal: true);
        long framed = 0;
        while (scanner.TryRead(out var frame))
            framed += frame.Bytes.Length;
        Assert.Equal(noise.Length, framed + scanner.Counters.SkippedBytes);
    }

    [Fact]
    public void A_frame_of_an_unknown_message_is_passed_on_unverified()
    {
        byte[] vendor = [MavlinkFrame.Magic2, 3, 0, 0, 9, 1, 1, 0x40, 0xE2, 0x01, 1, 2, 3, 0x12, 0x34];
        var scanner = new FrameScanner(vendor, MessageCatalog.Default, isFinal: true);
        Assert.True(scanner.TryRead(out var frame));
        Assert.Equal((123456u, false, 15), (frame.MessageId, frame.IsKnown, frame.Bytes.Length));
        Assert.Equal(1, scanner.Counters.UnknownFrames);
    }

    [Fact]
    public void A_byte_posing_as_an_unknown_frame_does_not_swallow_an_intact_one()
    {
        // A magic and an unknown id in front of real frames: its claimed length covers them all.
        byte[] stream = [MavlinkFrame.Magic2, 60, 0, 0, 0, 1, 1, 0x40, 0xE2, 0x01, .. Frame(0), .. Frame(1), .. Frame(2), .. Frame(3)];
        var scanner = new FrameScanner(stream, MessageCatalog.Default, isFinal: true);
        Assert.Equal(4, Count(ref scanner));
    }

    [Fact]
    public void An_undefined_incompatibility_flag_refuses_the_frame()
    {
        var frame = Frame(0);
        frame[2] = 0x02;
        var scanner = new FrameScanner(frame, MessageCatalog.Default, isFinal: true);
        Assert.Equal(0, Count(ref scanner));
        Assert.True(scanner.Counters.UnsupportedFlags > 0);
    }

    [Fact]
    public void A_cut_off_datagram_is_counted_as_truncated()
    {
        var scanner = new FrameScanner(Frame(0).AsSpan()[..^1], MessageCatalog.Default, isFinal: true);
        Assert.Equal(0, Count(ref scanner));
        Assert.Equal(1, scanner.Counters.Truncated);
    }

    [Fact]
    public void A_payload_longer_than_our_dialect_knows_is_read_as_far_as_we_know_it()
    {
        // A newer sender has extensions that we do not: the frame stands, the surplus is ignored.
        Span<byte> buffer = stackalloc byte[MavlinkFrame.MaxLength];
        var length = FrameWriter.Write(buffer, new Attitude { Yawspeed = 1f, Roll = 2f }, Copter, 0);
        var payload = buffer[MavlinkFrame.Header2..(length - 2)].ToArray();
        byte[] longer = [.. buffer[..MavlinkFrame.Header2], .. payload, 1, 2, 3, 0, 0];
        longer[1] += 3;
        FrameWriter.WriteChecksum(longer, longer.Length - 2, Attitude.CrcExtra);
        Assert.True(MavlinkFrame.TryParse(longer, MessageCatalog.Default, out var frame));
        Assert.Equal((1f, 2f), (frame.Decode<Attitude>().Yawspeed, frame.Decode<Attitude>().Roll));
    }

    [Fact]
    public void Decoding_and_encoding_allocate_nothing()
    {
        var (stream, _) = Stream(new System.Random(5), 2000);
        Run(stream);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = Run(stream);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0, sum);

        static double Run(byte[] stream)
        {
            double sum = 0;
            Span<byte> buffer = stackalloc byte[MavlinkFrame.MaxLength];
            var scanner = new FrameScanner(stream, MessageCatalog.Default, isFinal: true);
            while (scanner.TryRead(out var frame))
            {
                sum += frame.MessageId switch
                {
                    Attitude.MsgId => frame.Decode<Attitude>().Roll,
                    GlobalPositionInt.MsgId => frame.Decode<GlobalPositionInt>().Lat,
                    _ => frame.Payload.Length,
                };
                sum += FrameWriter.Write(buffer, frame.Decode<Heartbeat>(), Copter, frame.Sequence);
            }

            return sum;
        }
    }

    [Fact]
    public void A_corpus_of_short_and_long_checksums_agrees_with_the_bitwise_definition()
    {
        var random = new System.Random(3);
        for (var length = 0; length < 280; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.Equal(Bitwise(bytes), Crc16.Accumulate(Crc16.Seed, bytes));
        }

        // The check value of CRC-16/MCRF4XX in the catalogue of parametrised CRC algorithms.
        Assert.Equal(0x6F91, Crc16.Accumulate(Crc16.Seed, "123456789"u8));

        static ushort Bitwise(byte[] bytes)
        {
            ushort crc = 0xFFFF;
            foreach (var b in bytes)
            {
                crc ^= b;
                for (var i = 0; i < 8; i++)
                    crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ 0x8408 : crc >> 1);
            }

            return crc;
        }
    }

    private static int Count(ref FrameScanner scanner)
    {
        var count = 0;
        while (scanner.TryRead(out _))
            count++;
        return count;
    }

    private static byte[] Frame(byte sequence)
    {
        Span<byte> buffer = stackalloc byte[MavlinkFrame.MaxLength];
        var length = FrameWriter.Write(buffer, new Heartbeat { Type = MavType.Quadrotor, CustomMode = 5, MavlinkVersion = 3 }, Copter, sequence);
        return buffer[..length].ToArray();
    }

    /// <summary>A stream of mixed frames and where each begins, with the end as last entry.</summary>
    private static (byte[] Bytes, List<int> Starts) Stream(System.Random random, int frames)
    {
        var bytes = new List<byte>();
        var starts = new List<int> { 0 };
        Span<byte> buffer = stackalloc byte[MavlinkFrame.MaxLength];
        for (var i = 0; i < frames; i++)
        {
            var length = random.Next(4) switch
            {
                0 => FrameWriter.Write(buffer, new Attitude { TimeBootMs = (uint)i, Roll = random.NextSingle(), Yaw = random.NextSingle() }, Copter, (byte)i),
                1 => FrameWriter.Write(buffer, new GlobalPositionInt { TimeBootMs = (uint)i, Lat = random.Next(), Lon = random.Next(), Hdg = 9000 }, Copter, (byte)i),
                2 => FrameWriter.WriteVersion1(buffer, new VfrHud { Airspeed = random.NextSingle(), Heading = (short)i }, Copter, (byte)i),
                _ => FrameWriter.Write(buffer, new Heartbeat { CustomMode = (uint)random.Next(), MavlinkVersion = 3 }, Copter, (byte)i),
            };
            bytes.AddRange(buffer[..length]);
            starts.Add(bytes.Count);
        }

        return ([.. bytes], starts);
    }
}

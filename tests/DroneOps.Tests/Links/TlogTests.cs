using System.Text.Json;
using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Links;

public sealed class TlogTests
{
    // AVAILABLE_MODES and AVAILABLE_MODES_MONITOR are younger than the dialect of the reader that counted.
    private const uint ModesFirst = 435;
    private const uint ModesLast = 437;

    [Theory]
    [InlineData("copter-patrol.tlog")]
    [InlineData("copter-fence-breach.tlog")]
    [InlineData("copter-battery-failsafe.tlog")]
    [InlineData("copter-three-vehicles.tlog")]
    [InlineData("copter-quirks.tlog")]
    [InlineData("copter-quirks-inflight.tlog")]
    public void A_recording_is_read_to_its_last_byte_and_written_again_to_the_byte(string name)
    {
        var bytes = File.ReadAllBytes(Checkout.Golden("tlogs", name));
        using MemoryStream copy = new();
        TlogReader reader = new(new MemoryStream(bytes), MessageCatalog.Default);
        using (TlogWriter writer = new(copy, new TlogWriterOptions()))
        {
            while (reader.TryRead(out var record))
                writer.Append(record.Stamp, record.SentByUs, record.Frame.Bytes);
            writer.Flush();
            Assert.Equal(bytes, copy.ToArray());
        }

        Assert.Equal(0, reader.Report.SkippedBytes);
        Assert.False(reader.Report.IsTorn);
    }

    [Fact]
    public void A_recording_holds_as_many_frames_of_each_vehicle_as_an_independent_reader_counted()
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(Checkout.Golden("tlogs", "expected.json")));
        foreach (var log in expected.RootElement.EnumerateObject())
        {
            Dictionary<int, int> counts = [];
            using var file = File.OpenRead(Checkout.Golden("tlogs", log.Name));
            TlogReader reader = new(file, MessageCatalog.Default);
            while (reader.TryRead(out var record))
            {
                if (!record.SentByUs && record.Frame.MessageId is not (ModesFirst or ModesLast))
                    counts[record.Frame.SystemId] = counts.GetValueOrDefault(record.Frame.SystemId) + 1;
            }

            foreach (var vehicle in log.Value.EnumerateObject())
                Assert.Equal(vehicle.Value.GetProperty("frames").GetInt32(), counts[int.Parse(vehicle.Name, null)]);
        }
    }

    [Property(MaxTest = 100)]
    public Property What_is_written_is_read_again() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            System.Random random = new(seed);
            using MemoryStream log = new();
            var expected = Write(log, random, random.Next(1, 300));
            return Read(log.ToArray(), out var report).SequenceEqual(expected)
                && report is { SkippedBytes: 0, IsTorn: false, Gaps: 0 };
        });

    [Property(MaxTest = 100)]
    public Property A_record_torn_anywhere_costs_only_itself() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            System.Random random = new(seed);
            using MemoryStream log = new();
            var expected = Write(log, random, 20);
            var bytes = log.ToArray();
            var cut = random.Next(1, 15);
            var read = Read(bytes[..^cut], out var report);
            return read.SequenceEqual(expected[..^1]) && report.IsTorn;
        });

    [Property(MaxTest = 200)]
    public Property Records_behind_damage_are_found_again() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            System.Random random = new(seed);
            using MemoryStream log = new();
            Write(log, random, 100);
            var bytes = log.ToArray();
            var noise = new byte[random.Next(1, 600)];
            random.NextBytes(noise);
            var at = random.Next(bytes.Length);
            // The record that is hit may be lost, and noise may pose as the stamp of the one behind it; no more.
            var read = Read([.. bytes[..at], .. noise, .. bytes[at..]], out var report);
            return read.Count >= 98 && report.SkippedBytes <= noise.Length + (2 * 288);
        });

    [Fact]
    public void A_stamp_that_leaps_is_left_out()
    {
        using MemoryStream log = new();
        var stamps = Enumerable.Range(0, 10).Select(i => Start.AddSeconds(i)).ToArray();
        stamps[4] = Start.AddDays(9000);
        Write(log, stamps);

        var read = Read(log.ToArray(), out var report);

        Assert.Equal(stamps.Where((_, i) => i != 4), read.Select(record => record.Stamp));
        Assert.Equal((1, 0), (report.BadStamps, report.ClockJumps));
    }

    [Fact]
    public void A_clock_that_was_set_is_followed()
    {
        using MemoryStream log = new();
        // A recorder without a battery-backed clock starts in 1970 and is set when the first GPS time arrives.
        DateTimeOffset[] stamps =
        [
            .. Enumerable.Range(0, 5).Select(i => DateTimeOffset.UnixEpoch.AddSeconds(i)),
            .. Enumerable.Range(0, 5).Select(i => Start.AddSeconds(i)),
        ];
        Write(log, stamps);

        var read = Read(log.ToArray(), out var report);

        Assert.Equal(stamps, read.Select(record => record.Stamp));
        Assert.Equal((0, 1), (report.BadStamps, report.ClockJumps));
    }

    [Fact]
    public void A_signature_can_be_left_out_of_the_log()
    {
        WatchedTime time = new();
        var message = OutgoingMessage.From(new Attitude { Roll = 1.5f, TimeBootMs = 77 });
        var buffer = new byte[MavlinkFrame.MaxLength];
        var length = FrameWriter.Write(buffer, message, new MavlinkAddress(1, 1), 9);
        var plain = buffer[..length];
        var signed = buffer[..new FrameSigner(SigningKey.Create(), 1, new SigningClock(time, 0)).Sign(buffer, length, message.CrcExtra)];
        using MemoryStream log = new();
        using (TlogWriter writer = new(log, new TlogWriterOptions { StripsSignatures = true }))
            writer.Append(Start, sentByUs: false, signed);

        Assert.Equal(Convert.ToHexString(plain), Assert.Single(Read(log.ToArray(), out _)).Hex);
    }

    [Fact]
    public void Records_are_handed_on_at_the_latest_after_the_set_time()
    {
        using MemoryStream log = new();
        using TlogWriter writer = new(log, new TlogWriterOptions { FlushAfter = TimeSpan.FromSeconds(1) });
        writer.Append(Start, sentByUs: false, Bench.HeartbeatOf(1, 0));
        Assert.Equal(0, log.Length);
        writer.Append(Start.AddSeconds(1), sentByUs: false, Bench.HeartbeatOf(1, 1));
        Assert.Equal(2 * (8 + 21), log.Length);
    }

    [Fact]
    public void What_a_file_did_not_take_is_given_up_and_the_log_is_closed_all_the_same()
    {
        using var full = new FullStream();
        TlogWriter writer = new(full, new TlogWriterOptions());
        writer.Append(Start, sentByUs: false, Bench.HeartbeatOf(1, 0));
        Assert.Throws<IOException>(writer.Flush);
        Assert.Equal((1, 0), (writer.Records, writer.Written));

        full.HasRoom = true;
        writer.Append(Start.AddSeconds(1), sentByUs: false, Bench.HeartbeatOf(1, 1));
        writer.Dispose();
        Assert.Equal((2, 1), (writer.Records, writer.Written));
        Assert.Equal(Start.AddSeconds(1), Assert.Single(Read(full.ToArray(), out _)).Stamp);
    }

    [Fact]
    public void A_log_that_was_torn_by_a_crash_is_appended_to_and_read()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (var first = TlogWriter.Append(path, new TlogWriterOptions()))
                first.Append(Start, sentByUs: false, Bench.HeartbeatOf(1, 0));
            using (var torn = new FileStream(path, FileMode.Append))
                torn.Write([0, 6, 1, 2, 3, 4, 5, 6, 0xFD, 9, 0, 0]);
            using (var second = TlogWriter.Append(path, new TlogWriterOptions()))
            {
                second.Append(Start.AddMinutes(1), sentByUs: true, Bench.HeartbeatOf(1, 1));
                second.FlushToDisk();
            }

            var read = Read(File.ReadAllBytes(path), out var report);
            Assert.Equal([(Start, false), (Start.AddMinutes(1), true)], read.Select(record => (record.Stamp, record.SentByUs)));
            Assert.Equal(12, report.SkippedBytes);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_recording_is_played_with_its_own_pauses_and_without_what_the_ground_sent()
    {
        WatchedTime time = new();
        using MemoryStream log = new();
        using (TlogWriter writer = new(log, new TlogWriterOptions()))
        {
            writer.Append(Start, sentByUs: false, Bench.HeartbeatOf(1, 0));
            writer.Append(Start.AddSeconds(1), sentByUs: true, Bench.HeartbeatOf(255, 0));
            writer.Append(Start.AddSeconds(4), sentByUs: false, Bench.HeartbeatOf(1, 1));
            writer.Flush();
            log.Position = 0;
            List<(byte Sequence, TimeSpan At)> played = [];
            var began = time.GetUtcNow();
            TlogPlayer player = new(MessageCatalog.Default, time, speed: 2);

            var playing = player.PlayAsync(
                log,
                (frame, _) =>
                {
                    played.Add((frame.Span[4], time.GetUtcNow() - began));
                    return ValueTask.CompletedTask;
                },
                TestContext.Current.CancellationToken);
            time.Advance(await time.TimerAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)));
            var report = await playing;

            Assert.Equal([(0, TimeSpan.Zero), (1, TimeSpan.FromSeconds(2))], played);
            Assert.Equal((3, 2), (report.Records, player.Played));
        }
    }

    [Fact]
    public async Task A_recording_played_to_a_link_arrives_to_the_byte()
    {
        await using Bench bench = new();
        var (link, far) = await bench.OpenMemoryAsync("player");
        await using var file = File.OpenRead(Checkout.Golden("tlogs", "copter-patrol.tlog"));
        TlogPlayer player = new(MessageCatalog.Default, bench.Time, double.PositiveInfinity);

        var playing = player.PlayAsync(file, link, TestContext.Current.CancellationToken);
        var bytes = 0L;
        for (var i = 0; i < 7229; i++)
            bytes += (await Bench.ReceiveAsync(far)).Length;
        await playing;

        Assert.Equal(7229, player.Played);
        Assert.Equal(bytes, link.Status().SentBytes);
    }

    private static readonly DateTimeOffset Start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly record struct Entry(DateTimeOffset Stamp, bool SentByUs, string Hex);

    private static List<Entry> Write(Stream log, System.Random random, int count)
    {
        List<Entry> written = [];
        var stamp = Start;
        using TlogWriter writer = new(new Undisposed(log), new TlogWriterOptions());
        for (var i = 0; i < count; i++)
        {
            stamp = stamp.AddMicroseconds(4 * random.Next(1_000_000));
            var sentByUs = random.Next(4) == 0;
            var frame = random.Next(3) == 0
                ? Bench.HeartbeatOf((byte)random.Next(1, 255), (byte)i)
                : Bench.FrameOf(new Attitude { Roll = random.NextSingle(), TimeBootMs = (uint)i }, (byte)random.Next(1, 255), (byte)i);
            writer.Append(stamp, sentByUs, frame);
            written.Add(new(stamp, sentByUs, Convert.ToHexString(frame)));
        }

        return written;
    }

    private static void Write(Stream log, IEnumerable<DateTimeOffset> stamps)
    {
        using TlogWriter writer = new(new Undisposed(log), new TlogWriterOptions());
        byte sequence = 0;
        foreach (var stamp in stamps)
            writer.Append(stamp, sentByUs: false, Bench.HeartbeatOf(1, sequence++));
    }

    private static List<Entry> Read(byte[] log, out TlogReport report)
    {
        List<Entry> read = [];
        TlogReader reader = new(new MemoryStream(log), MessageCatalog.Default);
        while (reader.TryRead(out var record))
            read.Add(new(record.Stamp, record.SentByUs, Convert.ToHexString(record.Frame.Bytes)));
        report = reader.Report;
        return read;
    }

    private sealed class FullStream : MemoryStream
    {
        public bool HasRoom { get; set; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (!HasRoom)
                throw new IOException("No space left on device", 28);
            base.Write(buffer, offset, count);
        }
    }

    private sealed class Undisposed(Stream inner) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}

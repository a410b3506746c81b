using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Mavlink.Tests;

public sealed class SigningTests
{
    private const ulong KnownTimestamp = 0xa0b0c0d0e0f0;
    private static readonly byte[] KnownKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly Heartbeat Hello = new() { Type = MavType.Gcs, Autopilot = MavAutopilot.Invalid, SystemStatus = MavState.Active, MavlinkVersion = 3 };

    private readonly SettableTime _time = new(new DateTimeOffset(2026, 11, 23, 3, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_signed_heartbeat_has_the_bytes_of_the_published_algorithm()
    {
        var clock = new SigningClock(_time, KnownTimestamp - 1);
        Assert.Equal("fd09010000ffbe000000000000000608000403dab001f0e0d0c0b0a04e67c7eaac61", Convert.ToHexStringLower(Signed(new(KnownKey), 1, clock)));
    }

    [Fact]
    public void A_valid_frame_passes_once_and_its_copy_is_a_replay()
    {
        var key = SigningKey.Create();
        var frame = Signed(key, 1, new(_time, 0));
        var verifier = new SignatureVerifier(key, new(_time, 0), 1000);
        Assert.Equal(SignatureVerdict.Valid, Verify(verifier, frame));
        Assert.Equal(SignatureVerdict.Replayed, Verify(verifier, frame));
    }

    [Fact]
    public void Any_flipped_bit_behind_the_checksum_is_a_wrong_signature()
    {
        var key = SigningKey.Create();
        var frame = Signed(key, 1, new(_time, 0));
        for (var bit = 0; bit < MavlinkFrame.SignatureLength * 8; bit++)
        {
            var changed = (byte[])frame.Clone();
            changed[frame.Length - MavlinkFrame.SignatureLength + bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Equal(SignatureVerdict.WrongSignature, Verify(new(key, new(_time, 0), 1000), changed));
        }
    }

    [Fact]
    public void Another_key_is_a_wrong_signature() =>
        Assert.Equal(SignatureVerdict.WrongSignature, Verify(new(SigningKey.Create(), new(_time, 0), 1000), Signed(SigningKey.Create(), 1, new(_time, 0))));

    [Fact]
    public void A_first_frame_more_than_a_minute_behind_is_too_old()
    {
        var key = SigningKey.Create();
        var frame = Signed(key, 1, new(_time, 0));
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(SignatureVerdict.TooOld, Verify(new(key, new(_time, 0), 1000), frame));
    }

    [Fact]
    public void A_restart_that_stored_its_clock_still_refuses_what_it_had_accepted()
    {
        var key = SigningKey.Create();
        var vehicle = new SigningClock(_time, 0);
        var recorded = Enumerable.Range(0, 1000).Select(_ => Signed(key, 1, vehicle)).ToList();
        var before = new SigningClock(_time, 0);
        var verifier = new SignatureVerifier(key, before, 1000);
        Assert.All(recorded, f => Assert.Equal(SignatureVerdict.Valid, Verify(verifier, f)));
        Assert.True(before.Last >= vehicle.Last);

        _time.Advance(TimeSpan.FromSeconds(61));
        var after = new SignatureVerifier(key, new(_time, before.Last), 1000);
        Assert.All(recorded, f => Assert.Equal(SignatureVerdict.TooOld, Verify(after, f)));
    }

    [Fact]
    public void Timestamps_rise_by_at_least_one_while_the_clock_stands_still_or_falls_back()
    {
        var clock = new SigningClock(_time, 0);
        var first = clock.Next();
        Assert.Equal(first + 1, clock.Next());
        _time.Advance(TimeSpan.FromHours(-1));
        Assert.Equal(first + 2, clock.Next());
    }

    [Fact]
    public void A_peer_from_the_future_pulls_our_clock_by_a_minute_at_most()
    {
        var clock = new SigningClock(_time, 0);
        clock.Adopt(clock.Now + 1000 * SigningClock.Minute);
        Assert.Equal(clock.Now + SigningClock.Minute, clock.Last);
    }

    [Fact]
    public void Two_hundred_vehicles_all_keep_their_streams()
    {
        var key = SigningKey.Create();
        var verifier = new SignatureVerifier(key, new(_time, 0), 1000);
        for (var system = 1; system <= 200; system++)
            Assert.Equal(SignatureVerdict.Valid, Verify(verifier, Signed(key, 1, new(_time, 0), (byte)system)));
        Assert.Equal(200, verifier.Streams);
    }

    [Fact]
    public void A_full_table_forgets_only_streams_silent_for_a_minute_and_never_accepts_their_past()
    {
        var key = SigningKey.Create();
        var verifier = new SignatureVerifier(key, new(_time, 0), 1);
        var vehicle = new SigningClock(_time, 0);
        var first = Signed(key, 1, vehicle, 1);
        Assert.Equal(SignatureVerdict.Valid, Verify(verifier, first));
        Assert.Equal(SignatureVerdict.TooManyStreams, Verify(verifier, Signed(key, 1, vehicle, 2)));
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(SignatureVerdict.Valid, Verify(verifier, Signed(key, 1, new(_time, 0), 2)));
        Assert.Equal(SignatureVerdict.TooOld, Verify(verifier, first));
    }

    [Fact]
    public void A_key_of_zeros_is_refused() => Assert.Throws<ArgumentException>(() => new SigningKey(new byte[SigningKey.Length]));

    private static SignatureVerdict Verify(SignatureVerifier verifier, byte[] bytes)
    {
        Assert.True(MavlinkFrame.TryParse(bytes, MessageCatalog.Default, out var frame));
        return verifier.Verify(frame);
    }

    private static byte[] Signed(SigningKey key, byte linkId, SigningClock clock, byte system = 255)
    {
        Span<byte> buffer = stackalloc byte[MavlinkFrame.MaxLength];
        var length = FrameWriter.Write(buffer, Hello, new(system, 190), 0);
        return buffer[..new FrameSigner(key, linkId, clock).Sign(buffer, length, Heartbeat.CrcExtra)].ToArray();
    }

    private sealed class SettableTime(DateTimeOffset now) : TimeProvider
    {
        private DateTimeOffset _now = now;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}

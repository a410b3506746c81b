using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Links;

public sealed class ForwardingTests
{
    private static readonly RouterOptions Forwarding = new() { Forwards = true };

    [Fact]
    public async Task A_broadcast_goes_to_every_other_link_byte_for_byte()
    {
        await using Bench bench = new(Forwarding);
        var (_, a) = await bench.OpenMemoryAsync("a");
        var (_, b) = await bench.OpenMemoryAsync("b");
        var (_, c) = await bench.OpenMemoryAsync("c");
        var beat = Bench.HeartbeatOf(1, 42);

        a.TrySend(beat);

        Assert.Equal(beat, (await Bench.ReceiveAsync(b)).ToArray());
        Assert.Equal(beat, (await Bench.ReceiveAsync(c)).ToArray());
        await bench.Router.WhenIdleAsync();
        Assert.False(a.TryReceive(out _));
    }

    [Fact]
    public async Task An_addressed_frame_goes_only_where_its_target_was_heard()
    {
        await using Bench bench = new(Forwarding);
        var (_, ground) = await bench.OpenMemoryAsync("ground");
        var (_, one) = await bench.OpenMemoryAsync("one");
        var (_, two) = await bench.OpenMemoryAsync("two");
        one.TrySend(Bench.HeartbeatOf(1, 0));
        two.TrySend(Bench.HeartbeatOf(2, 0));
        await bench.Router.WhenIdleAsync();
        Drain(one);
        Drain(two);

        var command = Bench.FrameOf(new CommandLong { TargetSystem = 2, TargetComponent = 1, Command = MavCmd.NavLand }, 255, 0, 190);
        ground.TrySend(command);

        Assert.Equal(command, (await Bench.ReceiveAsync(two)).ToArray());
        await bench.Router.WhenIdleAsync();
        Assert.False(one.TryReceive(out _));
    }

    [Fact]
    public async Task Frames_of_unknown_messages_are_passed_on()
    {
        await using Bench bench = new(Forwarding);
        var (_, a) = await bench.OpenMemoryAsync("a");
        var (_, b) = await bench.OpenMemoryAsync("b");
        byte[] unknown = [0xFD, 1, 0, 0, 5, 1, 1, 0x31, 0xD4, 0x30, 7, 0, 0];
        a.TrySend(Bench.HeartbeatOf(1, 0));
        a.TrySend(unknown);
        await Bench.ReceiveAsync(b);
        Assert.Equal(unknown, (await Bench.ReceiveAsync(b)).ToArray());
    }

    [Fact]
    public async Task Links_of_one_group_are_never_fed_from_each_other()
    {
        await using Bench bench = new(Forwarding);
        var (_, lte) = await bench.OpenMemoryAsync("lte", "?group=drone");
        var (_, radio) = await bench.OpenMemoryAsync("radio", "?group=drone");
        var (_, console) = await bench.OpenMemoryAsync("console");

        lte.TrySend(Bench.HeartbeatOf(1, 0));

        await Bench.ReceiveAsync(console);
        await bench.Router.WhenIdleAsync();
        Assert.False(radio.TryReceive(out _));
    }

    [Fact]
    public async Task Signed_frames_are_passed_on_with_their_signature()
    {
        await using Bench bench = new(Forwarding);
        var (_, a) = await bench.OpenMemoryAsync("a");
        var (_, b) = await bench.OpenMemoryAsync("b");
        var signed = SignedHeartbeat(SigningKey.Create(), new SigningClock(bench.Time, 0), sequence: 3);

        a.TrySend(signed);

        Assert.Equal(signed, (await Bench.ReceiveAsync(b)).ToArray());
    }

    [Fact]
    public async Task A_link_that_demands_signatures_lets_nothing_else_pass_and_says_so_once()
    {
        await using Bench bench = new();
        var key = SigningKey.Create();
        SigningClock ours = new(bench.Time, 0);
        LinkOptions options = new() { Signing = new LinkSigning(new FrameSigner(key, 1, ours), new SignatureVerifier(key, ours, 64), new HashSet<uint> { RadioStatus.MsgId }) };
        var (link, far) = await bench.OpenMemoryAsync("a", options: options);
        SigningClock theirs = new(bench.Time, 0);
        var good = SignedHeartbeat(key, theirs, sequence: 0);

        List<SignatureRefusal> told = [];
        link.SignatureRefused += told.Add;

        far.TrySend(Bench.HeartbeatOf(1, 9));
        far.TrySend(Bench.HeartbeatOf(1, 10));
        far.TrySend(SignedHeartbeat(SigningKey.Create(), theirs, sequence: 8));
        far.TrySend(good);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        far.TrySend(good);
        await bench.Router.WhenIdleAsync();

        Assert.Equal(1, bench.PassedWaiting);
        Assert.Equal(new SignatureRefusals(Absent: 2, Wrong: 1, Replayed: 1, TooOld: 0, TooManyStreams: 0), link.Status().Signatures);
        Assert.Equal([SignatureVerdict.Absent, SignatureVerdict.WrongSignature, SignatureVerdict.Replayed], told.Select(refusal => refusal.Verdict));
        using var frame = await bench.NextAsync();
        Assert.Equal(good, frame.Bytes.ToArray());

        bench.Router.Send("default", 1, RouterTests.ArmMessage(1), Bench.Ground, notAfter: null);
        var sent = await Bench.ReceiveAsync(far);
        Assert.Equal(SignatureVerdict.Valid, new SignatureVerifier(key, theirs, 4).Verify(Bench.Parse(sent)));
    }

    [Fact]
    public async Task Messages_that_are_named_pass_unsigned_and_no_others()
    {
        await using Bench bench = new();
        var key = SigningKey.Create();
        SigningClock clock = new(bench.Time, 0);
        LinkOptions options = new() { Signing = new LinkSigning(null, new SignatureVerifier(key, clock, 64), new HashSet<uint> { RadioStatus.MsgId }) };
        var (_, far) = await bench.OpenMemoryAsync("a", options: options);
        var buffer = new byte[MavlinkFrame.MaxLength];
        var length = FrameWriter.Write(buffer, OutgoingMessage.From(new RadioStatus { Rssi = 200 }), new MavlinkAddress(51, 68), 1);

        far.TrySend(Bench.HeartbeatOf(1, 9));
        far.TrySend(buffer.AsSpan(0, length));
        await bench.Router.WhenIdleAsync();

        Assert.Equal(1, bench.PassedWaiting);
        using var passed = await bench.NextAsync();
        Assert.Equal(RadioStatus.MsgId, passed.MessageId);
    }

    private static byte[] SignedHeartbeat(SigningKey key, SigningClock clock, byte sequence)
    {
        var buffer = new byte[MavlinkFrame.MaxLength];
        var beat = OutgoingMessage.From(new Heartbeat { Type = MavType.Quadrotor, MavlinkVersion = 3 });
        var length = FrameWriter.Write(buffer, beat, new MavlinkAddress(1, 1), sequence);
        return buffer[..new FrameSigner(key, 7, clock).Sign(buffer, length, beat.CrcExtra)];
    }

    private static void Drain(MemoryLink end)
    {
        while (end.TryReceive(out _))
        {
        }
    }
}

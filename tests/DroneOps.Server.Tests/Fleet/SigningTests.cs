using System.Runtime.Versioning;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Server.Alarms;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Fleet;

/// <summary>A network with a key: who does not have it is not listened to, and everything we say carries it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SigningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("droneops-signing-").FullName;
    private readonly SigningKey _key = SigningKey.Create();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Only_signed_vehicles_are_heard_and_all_that_is_sent_to_them_is_signed()
    {
        Write("default.key", Convert.ToHexString(_key.Secret));
        await using var rig = await FlightRig.StartAsync(1, Store.Sqlite, ("Signing:KeyFolder", _folder), ("Signing:Unsigned", "Refuse"));
        Assert.Empty(rig.Board.All);
        Assert.Contains("System id 1", Assert.Single(rig.Get<AlarmBook>().Open, alert => alert.Code == "signatureRefused").Text, StringComparison.Ordinal);

        var (sent, signed) = (0, 0);
        var clock = new SigningClock(rig.Server.Time, 0);
        var verifier = new SignatureVerifier(_key, new SigningClock(rig.Server.Time, 0), 16);
        rig.OnSent = bytes =>
        {
            sent++;
            signed += verifier.Verify(Parse(bytes.Span)) == SignatureVerdict.Valid ? 1 : 0;
        };
        rig.Down = datagram => Sign(datagram, _key, clock);
        await rig.UntilAsync(() => rig.Board.Find("1")?.Snapshot is { Link: VehicleLinkState.Up, Readiness.IsReady: true });

        Assert.IsType<CommandOutcome.Accepted>(await ArmAsync(rig));
        Assert.True(sent > 10);
        Assert.Equal(sent, signed);
        using var auditor = await rig.Server.SignInAsync(Roles.Auditor);
        Assert.True((await auditor.GetAsync<JsonElement>("/api/v1/vehicles/1")).GetProperty("link").GetProperty("signed").GetBoolean());

        var other = SigningKey.Create();
        rig.Down = datagram => Sign(datagram, other, clock);
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Link == VehicleLinkState.Lost);
        Assert.Contains(rig.Get<AlarmBook>().Open, alert => alert is { Code: "signatureRefused", VehicleId: "1" });
        var refused = Assert.Single(rig.Get<Gateway>().Router.Links).Status().Signatures;
        Assert.True(refused is { Absent: > 0, Wrong: > 0, Replayed: 0 });
    }

    [Fact]
    public async Task While_vehicles_get_their_keys_unsigned_frames_may_pass_and_wrong_signatures_do_not()
    {
        Write("default.key", Convert.ToBase64String(_key.Secret));
        await using var rig = await FlightRig.StartAsync(1, Store.Sqlite, ("Signing:KeyFolder", _folder), ("Signing:Unsigned", "Accept"));
        Assert.Equal(VehicleLinkState.Up, rig.Board.Find("1")!.Snapshot.Link);

        var (other, clock) = (SigningKey.Create(), new SigningClock(rig.Server.Time, 0));
        rig.Down = datagram => Sign(datagram, other, clock);
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Link == VehicleLinkState.Lost);
    }

    [Theory]
    [InlineData("default.key", "too short", true, "not 32 bytes")]
    [InlineData("default.key", "0000000000000000000000000000000000000000000000000000000000000000", true, "zeros")]
    [InlineData("default.key", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", false, "chmod 600")]
    [InlineData("harbour.key", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", true, "no link is in")]
    public void A_key_that_cannot_be_used_stops_the_start_with_the_reason(string file, string content, bool isPrivate, string says)
    {
        Write(file, content);
        if (!isPrivate)
            File.SetUnixFileMode(Path.Combine(_folder, file), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        using var data = DataFolder.Take(Path.Combine(_folder, "data"));
        var refused = Assert.Throws<StartupException>(() => Keys(data).Load(["default"]));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(content, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_timestamp_is_used_twice_when_the_clock_was_set_back_over_a_restart()
    {
        Write("default.key", Convert.ToHexString(_key.Secret));
        using var data = DataFolder.Take(Path.Combine(_folder, "data"));
        var before = Keys(data);
        before.Load(["default"]);
        var last = StampOf(before);
        before.StoreClocks();
        var after = new SigningKeys(Options.Create(new SigningOptions { KeyFolder = _folder }), data, new FakeTimeProvider(TestServer.Begin.AddYears(-1)));
        after.Load(["default"]);
        Assert.True(StampOf(after) > last);
    }

    private static ulong StampOf(SigningKeys keys)
    {
        var buffer = new byte[MavlinkFrame.MaxLength];
        var message = OutgoingMessage.From(new Mavlink.Messages.Heartbeat { MavlinkVersion = 3 });
        var length = FrameWriter.Write(buffer, message, new MavlinkAddress(255, 190), 0);
        var signed = keys.For(new Links.LinkId(1), "default")!.Signer!.Sign(buffer, length, message.CrcExtra);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(signed - 12)) | ((ulong)System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(signed - 8)) << 32);
    }

    private static async Task<CommandOutcome> ArmAsync(FlightRig rig)
    {
        var pilot = new Commander("user:pilot", MayFly: true, AssignmentId: null) { Grounds = new("training", "user:admin", IsEmergency: false) };
        Assert.NotNull(await rig.Get<IGrainFactory>().GetGrain<IVehicleGrain>("1").TakeControl(pilot.Actor));
        return (await rig.UntilAsync(rig.Get<FleetCommands>().ExecuteAsync("1", new VehicleCommand.Arm(), pilot, CancellationToken.None))).Outcome;
    }

    private static ReadOnlyMemory<byte> Sign(ReadOnlyMemory<byte> datagram, SigningKey key, SigningClock clock)
    {
        var signer = new FrameSigner(key, 7, clock);
        using var all = new MemoryStream();
        var buffer = new byte[MavlinkFrame.MaxLength];
        var scanner = new FrameScanner(datagram.Span, MessageCatalog.Default, isFinal: true);
        while (scanner.TryRead(out var frame))
        {
            Assert.True(MessageCatalog.Default.TryFind(frame.MessageId, out var info));
            frame.Bytes.CopyTo(buffer);
            all.Write(buffer, 0, signer.Sign(buffer, frame.Bytes.Length, info.CrcExtra));
        }

        return all.ToArray();
    }

    private static MavlinkFrame Parse(ReadOnlySpan<byte> bytes)
    {
        Assert.True(MavlinkFrame.TryParse(bytes, MessageCatalog.Default, out var frame));
        return frame;
    }

    private SigningKeys Keys(DataFolder data) => new(Options.Create(new SigningOptions { KeyFolder = _folder }), data, new FakeTimeProvider(TestServer.Begin));

    private void Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}

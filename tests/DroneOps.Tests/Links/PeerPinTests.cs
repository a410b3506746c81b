using DroneOps.Links;
using DroneOps.Mavlink;
using Xunit;

namespace DroneOps.Tests.Links;

public sealed class PeerPinTests
{
    private readonly WatchedTime _time = new();
    private readonly List<(byte System, byte Sequence)> _passed = [];
    private readonly List<PeerConflict> _conflicts = [];
    private readonly DirectLink _direct;
    private readonly LinkPeer _vehicle = new("vehicle");
    private readonly LinkPeer _stranger = new("stranger");

    public PeerPinTests()
    {
        Router router = new(new RouterOptions(), MessageCatalog.Default, _time, frame =>
        {
            _passed.Add((frame.SystemId, frame.Bytes.Span[4]));
            frame.Dispose();
        });
        _direct = new DirectLink(router, _time, options: new LinkOptions { MaxPeers = 4 });
        _direct.Link.ConflictSeen += _conflicts.Add;
    }

    [Fact]
    public void An_id_belongs_to_the_endpoint_it_was_first_heard_from()
    {
        _direct.Receive(_vehicle, Bench.HeartbeatOf(1, 100));
        _direct.Receive(_stranger, Bench.HeartbeatOf(1, 101));
        _direct.Receive(_stranger, Bench.HeartbeatOf(1, 102));
        _direct.Receive(_vehicle, Bench.HeartbeatOf(1, 103));

        Assert.Equal([(1, 100), (1, 103)], _passed);
        Assert.Equal(2, _direct.Link.Status().RefusedFrames);
        Assert.Equal(0, _direct.Link.Status().PeerMoves);
    }

    [Fact]
    public void A_second_claim_is_reported_once()
    {
        _direct.Receive(_vehicle, Bench.HeartbeatOf(1, 100));
        _direct.Receive(_stranger, Bench.HeartbeatOf(1, 101));
        _direct.Receive(_stranger, Bench.HeartbeatOf(1, 102));

        var conflict = Assert.Single(_conflicts);
        Assert.Equal(((byte)1, "vehicle", "stranger"), (conflict.SystemId, conflict.Owner, conflict.Claimant));
    }

    [Fact]
    public void An_endpoint_may_speak_for_several_ids()
    {
        _direct.Receive(_vehicle, Bench.HeartbeatOf(1, 0));
        _direct.Receive(_vehicle, Bench.HeartbeatOf(2, 0));
        Assert.Equal([(1, 0), (2, 0)], _passed);
    }

    [Fact]
    public void An_id_moves_once_its_owner_has_been_silent_for_long()
    {
        _direct.Receive(_vehicle, Bench.HeartbeatOf(1, 100));
        _time.Advance(TimeSpan.FromSeconds(4.9));
        _direct.Receive(_stranger, Bench.HeartbeatOf(1, 101));
        Assert.Equal([(1, 100)], _passed);

        _time.Advance(TimeSpan.FromSeconds(0.2));
        _direct.Receive(_stranger, Bench.HeartbeatOf(1, 102));
        Assert.Equal([(1, 100), (1, 102)], _passed);
        Assert.Equal(1, _direct.Link.Status().PeerMoves);
    }

    [Fact]
    public void A_rebooted_vehicle_on_a_new_port_is_back_at_its_second_heartbeat()
    {
        // As recorded from a reboot: the new socket's counter starts at 0, its heartbeats come after 1.0, 1.1 and 2.0 s.
        _direct.Receive(_vehicle, Bench.HeartbeatOf(1, 100));
        _time.Advance(TimeSpan.FromSeconds(1.03));
        _direct.Receive(_stranger, Bench.HeartbeatOf(1, 0));
        Assert.Single(_passed);
        _time.Advance(TimeSpan.FromSeconds(0.97));
        _direct.Receive(_stranger, Bench.HeartbeatOf(1, 2));
        Assert.Equal([(1, 100), (1, 2)], _passed);
    }

    [Fact]
    public void A_fresh_counter_displaces_nobody_who_is_being_heard()
    {
        for (byte beat = 0; beat < 20; beat++)
        {
            _direct.Receive(_vehicle, Bench.HeartbeatOf(1, (byte)(100 + beat)));
            _time.Advance(TimeSpan.FromSeconds(1));
            _direct.Receive(_stranger, Bench.HeartbeatOf(1, beat));
        }

        Assert.Equal(20, _passed.Count);
        Assert.Equal(0, _direct.Link.Status().PeerMoves);
    }

    [Fact]
    public void Frames_of_unknown_messages_claim_nothing()
    {
        byte[] unknown = [0xFD, 1, 0, 0, 5, 1, 1, 0x31, 0xD4, 0x30, 7, 0, 0];
        _direct.Receive(_stranger, unknown);
        Assert.Empty(_passed);
        _direct.Receive(_vehicle, Bench.HeartbeatOf(1, 0));
        _direct.Receive(_vehicle, unknown);
        Assert.Equal([(1, 0), (1, 5)], _passed);
    }

    [Fact]
    public void A_flood_of_claims_from_many_endpoints_puts_no_vehicle_out()
    {
        _direct.Receive(_vehicle, Bench.HeartbeatOf(1, 0));
        for (var i = 0; i < 1000; i++)
            _direct.Receive(new LinkPeer($"flood {i}"), Bench.HeartbeatOf(1, (byte)i));
        _direct.Receive(_vehicle, Bench.HeartbeatOf(1, 1));

        Assert.Equal([(1, 0), (1, 1)], _passed);
        Assert.InRange(_direct.Link.Status().Peers, 1, 4);
    }

    [Fact]
    public void A_full_table_admits_nobody_while_all_in_it_live()
    {
        for (byte system = 1; system <= 4; system++)
            _direct.Receive(new LinkPeer($"vehicle {system}"), Bench.HeartbeatOf(system, 0));
        _direct.Receive(_stranger, Bench.HeartbeatOf(5, 0));
        Assert.Equal(4, _passed.Count);
        Assert.Equal(1, _direct.Link.Status().UnadmittedFrames);

        _time.Advance(TimeSpan.FromMinutes(2));
        _direct.Receive(_stranger, Bench.HeartbeatOf(5, 1));
        Assert.Equal((5, 1), _passed[^1]);
    }
}

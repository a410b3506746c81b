using DroneOps.Server.Alarms;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using FsCheck.Xunit;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Alarms;

/// <summary>What becomes of conditions: one alarm or many, now or later, by itself or in a group.</summary>
public sealed class AlarmBookTests
{
    private const string Dispatcher = "user:dispatcher";

    private readonly FakeTimeProvider _time = new(TestServer.Begin);
    private readonly VehicleBoard _board = new();
    private readonly List<Alarm> _told = [];
    private readonly AlarmBook _book;

    public AlarmBookTests() => _book = Make(new AlarmsOptions());

    private DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public void A_condition_that_goes_on_is_one_alarm_and_stays_until_it_is_acknowledged()
    {
        Take(new VehicleFact.LinkLost(Now, Now));
        Take(new VehicleFact.LinkLost(Now, Now));
        var alarm = Assert.Single(_book.Open);
        Take(new VehicleFact.LinkRestored(Now, TimeSpan.FromSeconds(9)));
        Assert.Null(Assert.Single(_book.Open).ClearedAt);
        var ended = Now;
        Pass(6);
        Assert.Equal((ended, AlarmState.ReturnedUnacknowledged), (Assert.Single(_book.Open).ClearedAt, Assert.Single(_book.Open).State));
        Assert.Equal(Dispatcher, Acknowledge(alarm.Id)?.AcknowledgedBy);
        Assert.Empty(_book.Open);
        Take(new VehicleFact.LinkLost(Now, Now));
        Assert.NotEqual(alarm.Id, Assert.Single(_book.Open).Id);
    }

    [Fact]
    public void What_comes_back_before_its_delay_is_over_is_the_same_alarm_and_stays_acknowledged()
    {
        Raise("linkLost", "vehicle/1");
        var id = Assert.Single(_book.Open).Id;
        Acknowledge(id);
        Clear("linkLost", "vehicle/1");
        Pass(3);
        Raise("linkLost", "vehicle/1");
        Pass(10);
        Assert.Equal((AlarmState.Acknowledged, 2, false), Of(id));
    }

    [Fact]
    public void An_alarm_that_comes_and_goes_is_called_chattering_and_is_over_only_after_a_quiet_minute()
    {
        for (var time = 0; time < 3; time++)
        {
            Raise("linkLost", "vehicle/1");
            Clear("linkLost", "vehicle/1");
            Pass(10);
        }

        var alarm = Assert.Single(_book.Open);
        Assert.Equal((AlarmState.Unacknowledged, 3, true), Of(alarm.Id));
        Pass(60);
        Assert.Equal((AlarmState.ReturnedUnacknowledged, 3, true), Of(alarm.Id));
        Assert.Single(_book.All);
    }

    [Fact]
    public void Three_times_in_more_than_a_minute_is_not_chattering()
    {
        for (var time = 0; time < 3; time++)
        {
            Raise("linkLost", "vehicle/1");
            Clear("linkLost", "vehicle/1");
            Pass(40);
        }

        Assert.Equal((AlarmState.ReturnedUnacknowledged, 3, false), Of(Assert.Single(_book.Open).Id));
    }

    [Fact]
    public void Getting_worse_asks_again_and_getting_better_does_not()
    {
        Raise("lowBattery", "vehicle/1", AlarmPriority.Caution);
        var id = Assert.Single(_book.Open).Id;
        Acknowledge(id);
        Raise("lowBattery", "vehicle/1", AlarmPriority.Advisory);
        Assert.Empty(_book.Open);
        Raise("lowBattery", "vehicle/1", AlarmPriority.Warning);
        Assert.Equal((id, AlarmPriority.Warning, (DateTimeOffset?)null), (Assert.Single(_book.Open).Id, Assert.Single(_book.Open).Priority, Assert.Single(_book.Open).AcknowledgedAt));
    }

    [Fact]
    public void An_occasion_ends_with_its_acknowledgement_and_the_next_one_is_another()
    {
        Raise("outcomeUnknown", "vehicle/1");
        Raise("outcomeUnknown", "vehicle/1");
        var alarm = Assert.Single(_book.Open);
        Assert.Equal(2, alarm.Occasions);
        Assert.Equal(AlarmState.Normal, Acknowledge(alarm.Id)?.State);
        Raise("outcomeUnknown", "vehicle/1");
        Assert.NotEqual(alarm.Id, Assert.Single(_book.Open).Id);
    }

    [Fact]
    public void A_caution_can_be_made_to_hold_for_a_while_first_and_a_warning_calls_at_once()
    {
        var book = Make(new AlarmsOptions { OnDelayS = 4 });
        book.Apply(Condition("lowBattery", "vehicle/1", AlarmPriority.Caution));
        book.Apply(Condition("failsafe", "vehicle/1", AlarmPriority.Warning));
        Assert.Equal("failsafe", Assert.Single(book.Open).Code);
        book.Apply(new Condition.Clear("lowBattery", "vehicle/1", Now));
        Pass(5, book);
        Assert.Single(book.Open);
        book.Apply(Condition("lowBattery", "vehicle/1", AlarmPriority.Caution));
        Pass(5, book);
        Assert.Equal(2, book.Open.Count);
    }

    [Fact]
    public void Vehicles_of_one_network_that_are_lost_together_are_one_alarm_with_members()
    {
        for (var vehicle = 1; vehicle <= 50; vehicle++)
            Raise("linkLost", $"vehicle/{vehicle}", AlarmPriority.Warning, "network/radio");
        Raise("linkLost", "vehicle/51", AlarmPriority.Warning, "network/other");

        var calling = _book.Open.Where(alarm => alarm.GroupId is null).ToList();
        var group = Assert.Single(calling, alarm => alarm.IsGroup);
        Assert.Equal((50, AlarmPriority.Warning, "50 at once (network/radio): no heartbeat any more."), (group.Members, group.Priority, group.Text));
        Assert.Equal(2, calling.Count);
        // The two that called before it was clear that they are many, the group, and the one of another cause.
        Assert.Equal(4, _book.CallsIn10Minutes);

        Acknowledge(group.Id);
        Assert.Equal("vehicle/51", Assert.Single(_book.Open).Subject);
        Assert.All(_book.All.Where(alarm => alarm.GroupId == group.Id), member => Assert.Equal(Dispatcher, member.AcknowledgedBy));
        for (var vehicle = 1; vehicle <= 50; vehicle++)
            Clear("linkLost", $"vehicle/{vehicle}");
        Pass(6);
        Assert.Equal(AlarmState.Normal, _book.Find(group.Id)!.State);
    }

    [Fact]
    public void One_more_member_asks_again_for_a_group_that_was_acknowledged()
    {
        for (var vehicle = 1; vehicle <= 3; vehicle++)
            Raise("linkLost", $"vehicle/{vehicle}", AlarmPriority.Warning, "network/radio");
        var group = Assert.Single(_book.Open, alarm => alarm.IsGroup);
        Acknowledge(group.Id);
        Assert.Empty(_book.Open);
        Pass(300);
        Raise("linkLost", "vehicle/4", AlarmPriority.Warning, "network/radio");
        Assert.Equal(4, Assert.Single(_book.Open, alarm => alarm.IsGroup).Members);
    }

    [Fact]
    public void A_group_whose_members_were_acknowledged_one_by_one_is_acknowledged()
    {
        for (var vehicle = 1; vehicle <= 3; vehicle++)
            Raise("linkLost", $"vehicle/{vehicle}", AlarmPriority.Warning, "network/radio");
        foreach (var member in _book.Open.Where(alarm => !alarm.IsGroup))
            Acknowledge(member.Id);
        Assert.Empty(_book.Open);
    }

    [Fact]
    public void What_joins_a_group_after_it_was_seen_still_calls_and_so_does_the_group()
    {
        for (var vehicle = 1; vehicle <= 3; vehicle++)
            Raise("linkLost", $"vehicle/{vehicle}", AlarmPriority.Warning, "network/radio");
        var seen = _book.See(Assert.Single(_book.Open, alarm => alarm.IsGroup).Id)!;
        Raise("linkLost", "vehicle/4", AlarmPriority.Warning, "network/radio");

        Assert.Equal((AlarmState.Unacknowledged, 4), _book.Acknowledge(seen, Dispatcher) is { } group ? (group.State, group.Members) : default);
        Assert.Equal("vehicle/4", Assert.Single(_book.Open, alarm => !alarm.IsGroup).Subject);
        Assert.All(seen.Members, member => Assert.Equal(AlarmState.Acknowledged, _book.Find(member.Id)!.State));

        Acknowledge(seen.Alarm.Id);
        Assert.Empty(_book.Open);
    }

    [Fact]
    public void What_gets_worse_or_comes_again_after_it_was_seen_still_calls()
    {
        Raise("lowBattery", "vehicle/1", AlarmPriority.Caution);
        Raise("outcomeUnknown", "vehicle/1");
        List<Sighting> seen = [.. _book.Open.Select(alarm => _book.See(alarm.Id)!)];
        Raise("lowBattery", "vehicle/1", AlarmPriority.Warning);
        Raise("outcomeUnknown", "vehicle/1");

        foreach (var one in seen)
            Assert.True(_book.Acknowledge(one, Dispatcher)!.Life.CallsForAttention);
        foreach (var one in seen)
            Assert.False(Acknowledge(one.Alarm.Id)!.Life.CallsForAttention);
    }

    [Fact]
    public void A_member_that_was_held_when_its_group_was_seen_calls_when_its_shelf_ends_meanwhile()
    {
        for (var vehicle = 1; vehicle <= 3; vehicle++)
            Raise("linkLost", $"vehicle/{vehicle}", AlarmPriority.Warning, "network/radio");
        var shelf = new HeldAlarm("linkLost", "vehicle/2", AlarmHold.Shelved, Dispatcher, "test", Now, Now.AddMinutes(30));
        Assert.True(_book.Hold(shelf));
        var seen = _book.See(Assert.Single(_book.Open, alarm => alarm.IsGroup).Id)!;
        Assert.True(_book.Lift(shelf));

        _book.Acknowledge(seen, Dispatcher);
        Assert.Equal("vehicle/2", Assert.Single(_book.Open, alarm => !alarm.IsGroup).Subject);
    }

    [Fact]
    public void In_a_flood_cautions_are_put_together_and_warnings_still_call_by_themselves()
    {
        for (var vehicle = 1; vehicle <= 30; vehicle++)
            Raise("lowBattery", $"vehicle/{vehicle}", AlarmPriority.Caution);
        Raise("failsafe", "vehicle/1", AlarmPriority.Warning);

        var calling = _book.Open.Where(alarm => alarm.GroupId is null).ToList();
        Assert.Equal(19, Assert.Single(calling, alarm => alarm.Code == AlarmCatalog.Flood).Members);
        Assert.Equal(13, calling.Count);
        Assert.Contains(calling, alarm => alarm.Code == "failsafe");

        // Ten quiet minutes later it is over, and the next one calls by itself.
        Pass(601);
        Raise("lowBattery", "vehicle/31", AlarmPriority.Caution);
        Assert.Contains(_book.Open, alarm => alarm is { Subject: "vehicle/31", GroupId: null });
    }

    [Fact]
    public void A_shelved_alarm_is_quiet_and_evaluated_and_calls_again_when_the_shelf_ends()
    {
        Raise("linkLost", "vehicle/1");
        var id = Assert.Single(_book.Open).Id;
        var shelf = new HeldAlarm("linkLost", "vehicle/1", AlarmHold.Shelved, Dispatcher, "radio is being changed", Now, Now.AddMinutes(30));
        Assert.True(_book.Hold(shelf));
        Assert.Empty(_book.Open);
        Assert.Equal(AlarmState.Shelved, Assert.Single(_book.Standing).State);
        Assert.Empty(_book.Expired);
        Clear("linkLost", "vehicle/1");
        Pass(6);
        Raise("linkLost", "vehicle/1");
        Assert.Empty(_book.Open);
        Assert.Equal((AlarmState.Shelved, 2, false), Of(id));

        Pass(1800);
        Assert.Equal(shelf, Assert.Single(_book.Expired));
        Assert.True(_book.Lift(shelf));
        Assert.Equal(AlarmState.Unacknowledged, Assert.Single(_book.Open).State);
        Assert.False(_book.Lift(shelf));
    }

    [Fact]
    public void A_condition_out_of_service_is_logged_and_calls_nobody_whosever_it_is()
    {
        var withdrawn = new HeldAlarm("signatureRefused", null, AlarmHold.OutOfService, "user:admin", "keys are being given out", Now, null);
        Assert.True(_book.Hold(withdrawn));
        Raise("signatureRefused", "vehicle/1");
        Raise("signatureRefused", "systemId/9");
        Assert.Empty(_book.Open);
        Assert.All(_book.All, alarm => Assert.Equal((AlarmState.OutOfService, "user:admin", (DateTimeOffset?)null), (alarm.State, alarm.Held?.By, alarm.AnnunciatedAt)));
        Assert.True(_book.Lift(withdrawn));
        Assert.Equal(2, _book.Open.Count);
    }

    [Property(MaxTest = 150)]
    public void Whatever_happens_the_book_agrees_with_the_conditions(ushort[] acts)
    {
        var book = Make(new AlarmsOptions { OffDelayS = 0 });
        var holds = new HashSet<string>();
        foreach (var act in acts)
        {
            var subject = $"vehicle/{act / 8 % 12}";
            switch (act % 8)
            {
                case 0 or 1 or 2:
                    book.Apply(Condition("lowBattery", subject, (AlarmPriority)(act / 96 % 3), act % 2 == 0 ? "network/radio" : null));
                    holds.Add(subject);
                    break;
                case 3:
                    book.Apply(new Condition.Clear("lowBattery", subject, Now));
                    holds.Remove(subject);
                    break;
                case 4:
                    if (book.Open is [var first, ..])
                        Assert.False(book.Acknowledge(book.See(first.Id)!, Dispatcher)!.Life.CallsForAttention);
                    break;
                case 5:
                    Assert.True(book.Hold(new HeldAlarm("lowBattery", subject, AlarmHold.Shelved, Dispatcher, "test", Now, Now.AddMinutes(1))));
                    break;
                case 6:
                    book.Lift(new HeldAlarm("lowBattery", subject, AlarmHold.Shelved, Dispatcher, "test", Now, null));
                    break;
                default:
                    Pass(act / 8 % 90, book);
                    break;
            }

            // Chattering ones are given their quiet minute before their end shows.
            var active = book.All.Where(alarm => alarm is { IsGroup: false, Life.IsActive: true }).ToList();
            Assert.Equal(active.Count, active.Select(alarm => alarm.Subject).Distinct().Count());
            Assert.Superset(holds, active.Select(alarm => alarm.Subject).ToHashSet());
            Assert.All(active.Where(alarm => !holds.Contains(alarm.Subject)), alarm => Assert.True(alarm.IsChattering));
            Assert.All(book.All.Where(alarm => alarm.IsGroup), group => Assert.Equal(group.Life.IsActive, book.All.Any(member => member.GroupId == group.Id && member.Life.IsActive)));
            Assert.All(book.Held, held => Assert.DoesNotContain(book.Open, alarm => held.Covers(alarm.Code, alarm.Subject)));
        }
    }

    [Fact]
    public void All_that_changes_is_told_in_order_and_the_last_word_is_the_state()
    {
        for (var vehicle = 1; vehicle <= 5; vehicle++)
            Raise("linkLost", $"vehicle/{vehicle}", AlarmPriority.Warning, "network/radio");
        foreach (var alarm in _book.Open)
            Acknowledge(alarm.Id);
        Assert.All(_book.All, alarm => Assert.Equal(alarm, _told.Last(told => told.Id == alarm.Id)));
    }

    private AlarmBook Make(AlarmsOptions options)
    {
        var book = new AlarmBook(new SuppressionRules(_board), _time, Options.Create(options));
        book.Changed += _told.Add;
        return book;
    }

    private (AlarmState, int, bool) Of(Guid id) => _book.Find(id) is { } alarm ? (alarm.State, alarm.Occasions, alarm.IsChattering) : default;

    private Condition.Raise Condition(string code, string subject, AlarmPriority priority = AlarmPriority.Caution, string? cause = null) => new(code, subject, Now, priority, "text") { Cause = cause };

    private Alarm? Acknowledge(Guid id) => _book.Acknowledge(_book.See(id)!, Dispatcher);

    private void Raise(string code, string subject, AlarmPriority priority = AlarmPriority.Caution, string? cause = null) => _book.Apply(Condition(code, subject, priority, cause));

    private void Clear(string code, string subject) => _book.Apply(new Condition.Clear(code, subject, Now));

    private void Take(VehicleFact fact)
    {
        foreach (var condition in VehicleConditions.Of(new FleetEvent.Observed("1", fact), null))
            _book.Apply(condition);
    }

    private void Pass(int seconds) => Pass(seconds, _book);

    private void Pass(int seconds, AlarmBook book)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            book.Tick();
        }
    }
}

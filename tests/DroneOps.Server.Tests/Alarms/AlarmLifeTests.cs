using DroneOps.Server.Alarms;
using FsCheck.Xunit;

namespace DroneOps.Server.Tests.Alarms;

/// <summary>The life cycle against the standard's figure, and what holds over any life.</summary>
public sealed class AlarmLifeTests
{
    private const string A = nameof(AlarmState.Normal);
    private const string B = nameof(AlarmState.Unacknowledged);
    private const string C = nameof(AlarmState.Acknowledged);
    private const string D = nameof(AlarmState.ReturnedUnacknowledged);
    private const string E = nameof(AlarmState.Shelved);
    private const string F = nameof(AlarmState.SuppressedByDesign);
    private const string G = nameof(AlarmState.OutOfService);

    /// <summary>ISA-18.2-2016, figure 3: from, what happens, to. E0 is shelved with a condition that does not hold, E1 with one that does.</summary>
    [Theory]
    [InlineData(A, "raise", B)]
    [InlineData(A, "clear", A)]
    [InlineData(A, "acknowledge", A)]
    [InlineData(A, "shelve", E)]
    [InlineData(A, "suppress", F)]
    [InlineData(A, "withdraw", G)]
    [InlineData(B, "raise", B)]
    [InlineData(B, "worsen", B)]
    [InlineData(B, "clear", D)]
    [InlineData(B, "acknowledge", C)]
    [InlineData(B, "shelve", E)]
    [InlineData(B, "unshelve", B)]
    [InlineData(C, "raise", C)]
    [InlineData(C, "worsen", B)]
    [InlineData(C, "clear", A)]
    [InlineData(C, "acknowledge", C)]
    [InlineData(C, "shelve", E)]
    [InlineData(C, "withdraw", G)]
    [InlineData(D, "raise", B)]
    [InlineData(D, "clear", D)]
    [InlineData(D, "acknowledge", A)]
    [InlineData(D, "suppress", F)]
    [InlineData("E0", "raise", E)]
    [InlineData("E0", "unshelve", A)]
    [InlineData("E1", "clear", E)]
    [InlineData("E1", "acknowledge", E)]
    [InlineData("E1", "unshelve", B)]
    [InlineData("E1", "withdraw", G)]
    public void Every_transition_is_that_of_the_standards_figure(string from, string happens, string to) =>
        Assert.Equal(to, Do(Begin(from), happens).State.ToString());

    [Fact]
    public void Of_several_holds_the_last_to_end_decides_and_then_the_alarm_begins_anew()
    {
        var held = Do(Do(Do(Begin(C), "shelve"), "suppress"), "withdraw");
        Assert.Equal(AlarmState.OutOfService, held.State);
        held = Do(held, "return");
        Assert.Equal(AlarmState.SuppressedByDesign, held.State);
        held = Do(held, "unshelve");
        Assert.Equal(AlarmState.SuppressedByDesign, held.State);
        Assert.Equal(AlarmState.Unacknowledged, Do(held, "unsuppress").State);
    }

    [Property(MaxTest = 1000)]
    public void It_follows_its_condition_whatever_people_do(byte[] acts)
    {
        var (life, holds) = (AlarmLife.Normal, false);
        foreach (var act in acts.Select(Name))
        {
            life = Do(life, act);
            holds = act switch { "raise" or "worsen" => true, "clear" => false, _ => holds };
            Assert.Equal(holds, life.IsActive);
        }
    }

    [Property(MaxTest = 1000)]
    public void What_is_held_never_calls_and_what_holds_unseen_always_does(byte[] acts)
    {
        var (life, isSeen, held) = (AlarmLife.Normal, true, new HashSet<string>());
        foreach (var act in acts.Select(Name))
        {
            var wasHeld = held.Count > 0;
            life = Do(life, act);
            switch (act)
            {
                case "shelve" or "suppress" or "withdraw":
                    held.Add(act);
                    break;
                case "unshelve":
                    held.Remove("shelve");
                    break;
                case "unsuppress":
                    held.Remove("suppress");
                    break;
                case "return":
                    held.Remove("withdraw");
                    break;
                default:
                    break;
            }

            // What a person has seen: an acknowledgement while it calls. A new beginning, a worsening or the end of the last hold takes it back.
            isSeen = act switch
            {
                "acknowledge" when held.Count == 0 => true,
                "worsen" => false,
                "raise" when !isSeen || life.State is AlarmState.Unacknowledged => false,
                _ when wasHeld && held.Count == 0 => !life.IsActive,
                _ => isSeen,
            };
            if (held.Count > 0)
                Assert.False(life.CallsForAttention);
            else if (life.IsActive)
                Assert.Equal(!isSeen, life.CallsForAttention);
            Assert.Equal(life.State == AlarmState.Normal, !life.IsActive && !life.CallsForAttention && held.Count == 0);
        }
    }

    [Property(MaxTest = 500)]
    public void From_anywhere_the_end_of_the_condition_and_of_all_holds_and_an_acknowledgement_lead_home(byte[] acts)
    {
        var life = acts.Select(Name).Aggregate(AlarmLife.Normal, Do);
        Assert.Equal(AlarmLife.Normal, Do(Do(Do(Do(Do(life, "clear"), "unshelve"), "unsuppress"), "return"), "acknowledge"));
    }

    private static string Name(byte act) =>
        (new[] { "raise", "worsen", "clear", "acknowledge", "shelve", "unshelve", "suppress", "unsuppress", "withdraw", "return" })[act % 10];

    private static AlarmLife Begin(string state) => state switch
    {
        A => AlarmLife.Normal,
        B => Do(AlarmLife.Normal, "raise"),
        C => Do(Begin(B), "acknowledge"),
        D => Do(Begin(B), "clear"),
        "E0" => Do(AlarmLife.Normal, "shelve"),
        _ => Do(Begin(B), "shelve"),
    };

    private static AlarmLife Do(AlarmLife life, string act) => act switch
    {
        "raise" => life.Raise(isWorse: false),
        "worsen" => life.Raise(isWorse: true),
        "clear" => life.Clear(),
        "acknowledge" => life.Acknowledge(),
        "shelve" => life.Hold(AlarmHold.Shelved),
        "unshelve" => life.Lift(AlarmHold.Shelved),
        "suppress" => life.Hold(AlarmHold.Suppressed),
        "unsuppress" => life.Lift(AlarmHold.Suppressed),
        "withdraw" => life.Hold(AlarmHold.OutOfService),
        _ => life.Lift(AlarmHold.OutOfService),
    };
}

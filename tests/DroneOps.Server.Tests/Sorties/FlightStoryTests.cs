using DroneOps.Server.Sorties;
using DroneOps.Server.Tests.Harness.Flights;

namespace DroneOps.Server.Tests.Sorties;

/// <summary>Ten thousand made-up flights, with everything in them that makes a flight log wrong, against the truth about them.</summary>
public sealed class FlightStoryTests
{
    [Theory]
    [InlineData(1_000_000, 2_000)]
    [InlineData(2_000_000, 2_000)]
    [InlineData(3_000_000, 2_000)]
    [InlineData(4_000_000, 2_000)]
    [InlineData(5_000_000, 2_000)]
    public void Every_flight_is_in_the_log_once_with_both_clocks_right_to_a_fifth_of_a_second(int firstSeed, int flights)
    {
        var flown = 0;
        List<string> faults = [];
        for (var seed = firstSeed; flown < flights; seed++)
        {
            var story = FlightStory.Of(seed, StoryOptions.Everything);
            faults.AddRange(StoryCheck.Faults(story, StoryStation.Hear(story)));
            flown += story.Sorties.Count;
        }

        AssertNone(faults, flown);
    }

    [Fact]
    public void A_recording_gives_the_same_whatever_clock_it_was_recorded_by()
    {
        var flown = 0;
        List<string> faults = [];
        for (var seed = 6_000_000; flown < 1_000; seed++)
        {
            var story = FlightStory.Of(seed, StoryOptions.Everything with { MayRestart = false });
            using var recording = new MemoryStream(StoryTape.Of(story));
            faults.AddRange(StoryCheck.Faults(story, [.. ReplayCommand.Read(recording, out _).Select(sortie => sortie.Draft)]));
            flown += story.Sorties.Count;
        }

        AssertNone(faults, flown);
    }

    [Fact]
    public void A_check_that_finds_nothing_finds_a_flight_that_is_too_long_or_missing()
    {
        var story = FlightStory.Of(1, new StoryOptions(4, HasFaults: false, MayRestart: false, MayLose: false, MayStartInAir: false, Harness.Flights.Evidence.LandedState));
        var heard = StoryStation.Hear(story);
        Assert.Empty(StoryCheck.Faults(story, heard));
        Assert.NotEmpty(StoryCheck.Faults(story, [.. heard.Skip(1)]));
        heard[0].LandedAt += TimeSpan.FromSeconds(0.5);
        Assert.NotEmpty(StoryCheck.Faults(story, heard));
    }

    private static void AssertNone(List<string> faults, int flown) => Assert.True(faults.Count == 0, $"{faults.Count} faults in {flown} flights:\n{string.Join('\n', faults.Take(15))}");
}

using System.Globalization;
using DroneOps.Server.Sorties;

namespace DroneOps.Server.Tests.Harness.Flights;

/// <summary>Holds what was recorded against what was flown. A clock whose two moments were heard is right to a fifth of a second; and wherever the
/// truth is, it lies between the bounds that the record states.</summary>
internal static class StoryCheck
{
    public const double ToleranceS = 0.2;

    /// <summary>The widest that a clock's bounds may be where its moments were heard: the two moments' frames, with jitter.</summary>
    private const double WidestS = 0.45;
    private const double WidestMotionS = 1.2;

    /// <summary>What is wrong; empty when nothing is.</summary>
    public static List<string> Faults(FlightStory story, IReadOnlyList<SortieDraft> recorded)
    {
        List<string> faults = [];
        if (recorded.Count != story.Sorties.Count)
        {
            faults.Add(Say($"story {story.Seed} ({story.Evidence}): {recorded.Count} sorties, {story.Sorties.Count} flown: {string.Join(", ", recorded.Select(sortie => Say($"{Seconds(sortie.TakeoffAt):0.0}-{(sortie.LandedAt is { } at ? Seconds(at) : -1):0.0} {sortie.LandingSource}")))} against {string.Join(", ", story.Sorties.Select(sortie => Say($"{sortie.Takeoff:0.0}-{sortie.Landing:0.0}")))}; {string.Join(", ", story.Silences.Select(silence => Say($"{silence.Why} {silence.Span.From:0.0}-{silence.Span.To:0.0}")))}"));
            return faults;
        }

        for (var i = 0; i < recorded.Count; i++)
            Compare(story, story.Sorties[i], recorded[i], faults);
        return faults;
    }

    private static void Compare(FlightStory story, TrueSortie truth, SortieDraft sortie, List<string> faults)
    {
        var name = Say($"story {story.Seed} ({story.Evidence}{(story.HasSecondLink ? ", two links" : "")}{(story.IsLossy ? ", lossy" : "")}), sortie at {truth.Takeoff:0.0}");
        if (!sortie.IsClosed)
        {
            faults.Add($"{name} is open");
            return;
        }

        var delay = StoryTeller.LongestDelayS(story) + 0.002 + (story.IsLossy ? 0.5 : 0);
        Within("armed", truth.ArmedFrom, sortie.Bounds.Armed);
        Within("take-off", truth.Takeoff, sortie.Bounds.Takeoff);
        Within("landing", truth.Landing, sortie.Bounds.Landing);
        Within("disarmed", truth.Disarmed, sortie.Bounds.Disarmed);
        if (story.IsLossy)
            return;

        // FLIGHT_INFORMATION tells the take-off to whoever comes later, too.
        var wasHeardInAir = truth.Takeoff < 0 && story.Evidence != Evidence.FlightInformation;
        var begin = truth.Takeoff < 0 && !wasHeardInAir ? truth.Takeoff : story.FirstShownInAirS;
        if (!story.IsUnheard(truth.Takeoff) && !story.IsUnheard(truth.Landing))
            Right("airborne", truth.Landing - Math.Max(begin, truth.Takeoff), sortie.AirborneS, truth.Takeoff < 0 ? 0 : Width(sortie.TakeoffAt, sortie.Bounds.Takeoff, sortie.LandedAt!.Value, sortie.Bounds.Landing));
        if (!story.IsUnheard(truth.ArmedFrom) && !story.IsUnheard(truth.Disarmed))
            Right("armed", truth.Disarmed - Math.Max(truth.Takeoff < 0 && !wasHeardInAir ? truth.Takeoff : story.FirstBeatS, truth.ArmedFrom), sortie.ArmedS, truth.Takeoff < 0 ? 0 : Width(sortie.ArmedAt!.Value, sortie.Bounds.Armed, sortie.DisarmedAt!.Value, sortie.Bounds.Disarmed));
        if (wasHeardInAir && sortie.TakeoffSource != ClockSource.FirstSeen)
            faults.Add($"{name} was in the air when it was first heard, and the record says {sortie.TakeoffSource}");

        void Within(string what, double at, EdgeBounds bounds)
        {
            if (bounds.NotBefore is { } from && Seconds(from) > at + delay)
                faults.Add(Say($"{name}: {what} at {at:0.000}, not before {Seconds(from):0.000}"));
            if (bounds.NotAfter is not { } to)
                faults.Add($"{name}: {what} is not bounded");
            else if (Seconds(to) < at - 0.001)
                faults.Add(Say($"{name}: {what} at {at:0.000}, not after {Seconds(to):0.000}"));
        }

        void Right(string what, double wanted, double got, double? width)
        {
            if (Math.Abs(wanted - got) > ToleranceS)
                faults.Add(Say($"{name}: {what} {got:0.000} s, flown {wanted:0.000}"));
            if (width is null || width > (story.Evidence == Evidence.Motion ? WidestMotionS : story.Evidence == Evidence.FlightInformation ? 1.1 : WidestS))
                faults.Add(Say($"{name}: {what} is said to be right within {width:0.000} s"));
        }

        static double? Width(DateTimeOffset from, EdgeBounds fromBounds, DateTimeOffset to, EdgeBounds toBounds) => SortieBounds.WithinS(from, fromBounds, to, toBounds);
    }

    private static double Seconds(DateTimeOffset at) => (at - StoryStation.Begin).TotalSeconds;

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

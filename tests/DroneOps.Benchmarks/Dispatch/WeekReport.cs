using System.Globalization;
using DroneOps.Server.Incidents;

namespace DroneOps.Benchmarks.Dispatch;

/// <summary>The table of two weeks and a bound, and whether the promises were kept.</summary>
internal sealed class WeekReport(WeekRun service, WeekRun nearest)
{
    private const int MostUrgent = 1;
    private const double MedianErrorGoal = 0.05;
    private const double NinthErrorGoal = 0.12;

    /// <summary>Prints it.</summary>
    /// <returns>Whether every promise was kept.</returns>
    public bool Print(TextWriter to)
    {
        to.WriteLine("from the call to the drone's picture of the place, seconds");
        to.WriteLine("                          n     p50     p90     max   <=60 s  <=90 s <=120 s <=180 s   patrols lost");
        Row(to, "every drone always free", [.. service.Served.Select(call => call.BoundS)], "");
        Row(to, "the service", Times(service.Served), Lost(service));
        Row(to, "the nearest drone", Times(nearest.Served), Lost(nearest));
        Row(to, "P1: bound", [.. Urgent(service).Select(call => call.BoundS)], "");
        Row(to, "P1: the service", Times(Urgent(service)), "");
        Row(to, "P1: the nearest drone", Times(Urgent(nearest)), "");

        var kept = true;
        foreach (var run in new[] { service, nearest })
        {
            kept &= Say(to, run == service, $"{Name(run)}: {run.Flights} flights, {run.FlightTime.TotalHours:0.0} h; reserve violations {run.ReserveViolations.Count}", run.ReserveViolations.Count == 0);
            foreach (var violation in run.ReserveViolations)
                to.WriteLine($"    {violation}");
            var incomplete = run.Served.Where(call => call.Last!.TimeAxis.Any(step => step.At is null)).ToList();
            kept &= Say(to, run == service, $"{Name(run)}: calls without a complete time axis {incomplete.Count} of {run.Served.Count}", incomplete.Count == 0);
            foreach (var call in incomplete.Take(5))
                to.WriteLine($"    {call.Call.Number}: {call.Last!.State}, without {string.Join(", ", call.Last.TimeAxis.Where(step => step.At is null).Select(step => step.Stage))}; {call.Last.WaitsFor}; {string.Join(" ", call.Last.TimeAxis.Where(step => step.At is not null).Select(step => $"{step.Stage}={step.At:HH:mm:ss}"))}");
        }

        var regrets = Urgent(service).SelectMany(call => call.Choices.Select(choice => SentTo(call, choice) is null ? choice.Outlook.RegretS : 0)).ToList();
        kept &= Say(to, true, $"P1 regret against the best drone at that instant: max {regrets.DefaultIfEmpty().Max():0.000} s of {regrets.Count} choices", regrets.All(regret => regret < 0.001));
        foreach (var call in Urgent(service))
        {
            foreach (var choice in call.Choices.Where(choice => choice.Outlook.RegretS >= 0.001))
            {
                var went = SentTo(call, choice) is { } other ? string.Create(CultureInfo.InvariantCulture, $"; it went to P1 call {other} in the same moment") : "";
                to.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"    call {call.Call.Number} at {choice.At:MM-dd HH:mm:ss.fff}: {choice.Outlook.P90S:0.000} s, and {choice.Outlook.BestP90S:0.000} s by {choice.Outlook.Better}{went}"));
            }
        }

        foreach (var (name, of) in new (string, Func<Outlook, bool>)[] { ("all", _ => true), ("from the dock", outlook => !outlook.Flying), ("from the air", outlook => outlook.Flying) })
        {
            var errors = Errors(service.Served.Concat(nearest.Served), of);
            if (errors.Count > 0)
                kept &= Say(to, name == "all", $"predicted against flown, {name}: median error {At(errors, 0.5):0.0 %}, p90 {At(errors, 0.9):0.0 %} of {errors.Count}; mean sign {SignedMean(service.Served.Concat(nearest.Served), of):+0.0;-0.0} s", At(errors, 0.5) < MedianErrorGoal && At(errors, 0.9) < NinthErrorGoal);
        }

        return kept;
    }

    // Two calls of the same urgency that are chosen for together cannot both have the drone that is best for both.
    private int? SentTo(ServedCall call, (DateTimeOffset At, Outlook Outlook) choice) => Urgent(service)
        .FirstOrDefault(other => other != call && other.Choices.Any(sent => sent.Outlook.VehicleId == choice.Outlook.BetterId && (sent.At - choice.At).Duration() < TimeSpan.FromSeconds(1)))?.Call.Number;

    private static bool Say(TextWriter to, bool counts, FormattableString what, bool kept)
    {
        to.WriteLine($"{(kept ? "ok  " : counts ? "MISS" : "miss")} {what.ToString(CultureInfo.InvariantCulture)}");
        return kept || !counts;
    }

    private static void Row(TextWriter to, string name, IReadOnlyList<double> times, string lost)
    {
        double Within(double limit) => times.Count(time => time <= limit) * 100.0 / times.Count;
        to.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-24}{times.Count,5}{At(times, 0.5),8:0.0}{At(times, 0.9),8:0.0}{times.Max(),8:0.0}{Within(60),8:0.0}%{Within(90),7:0.0}%{Within(120),7:0.0}%{Within(180),7:0.0}%   {lost}"));
    }

    private static string Lost(WeekRun run) =>
        string.Create(CultureInfo.InvariantCulture, $"{run.Patrols.Interrupted} of {run.Patrols.Done + run.Patrols.Interrupted + run.Patrols.Other}");

    private string Name(WeekRun run) => run == service ? "the service" : "the nearest drone";

    private static IReadOnlyList<ServedCall> Urgent(WeekRun run) => [.. run.Served.Where(call => call.Call.Priority == MostUrgent)];

    private static IReadOnlyList<double> Times(IEnumerable<ServedCall> calls) =>
        [.. calls.Select(call => call.ReachedAt(IncidentStage.DroneOnScene) is { } there ? (there - call.ReachedAt(IncidentStage.CallReceived)!.Value).TotalSeconds : double.PositiveInfinity)];

    // From the order to the place, of the calls that one drone served without being taken away.
    private static IReadOnlyList<double> Errors(IEnumerable<ServedCall> calls, Func<Outlook, bool> of) => [.. Signed(calls, of).Select(flown => Math.Abs(flown.Error) / flown.Flown)];

    private static double SignedMean(IEnumerable<ServedCall> calls, Func<Outlook, bool> of) => Signed(calls, of).Average(flown => flown.Error);

    private static IEnumerable<(double Error, double Flown)> Signed(IEnumerable<ServedCall> calls, Func<Outlook, bool> of) =>
        from call in calls
        where call.Choices.Count == 1 && of(call.Choices[0].Outlook)
        let there = call.ReachedAt(IncidentStage.DroneOnScene)
        where there is not null
        let flown = (there.Value - call.Choices[0].At).TotalSeconds
        select (call.Choices[0].Outlook.P50S - flown, flown);

    private static double At(IReadOnlyList<double> values, double share) => values.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(share * values.Count) - 1));
}

using DroneOps.Server.Sorties;
using FsCheck.Xunit;

namespace DroneOps.Server.Tests.Sorties;

public sealed class PurposeSpanTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_clock_is_cut_where_the_sortie_turned() =>
        Assert.Equal([60, 25.5, 14.5], PurposeSpan.Split(Begin, 100, [Begin.AddSeconds(60), Begin.AddSeconds(85.5)]));

    [Fact]
    public void A_cut_before_the_start_or_after_the_end_of_a_clock_makes_an_empty_piece() =>
        Assert.Equal([0, 100, 0], PurposeSpan.Split(Begin, 100, [Begin.AddSeconds(-5), Begin.AddSeconds(103)]));

    [Property(MaxTest = 300)]
    public void The_pieces_of_a_clock_sum_to_it_and_none_is_negative(uint milliseconds, int[] cutsMs)
    {
        var seconds = milliseconds % 100_000_000 / 1000.0;
        var pieces = PurposeSpan.Split(Begin, seconds, [.. cutsMs.Order().Select(cut => Begin.AddMilliseconds(cut))]);
        Assert.Equal(cutsMs.Length + 1, pieces.Length);
        Assert.All(pieces, piece => Assert.True(piece >= 0));
        Assert.Equal(PurposeSpan.Milliseconds(seconds), pieces.Sum(PurposeSpan.Milliseconds));
    }

    [Property(MaxTest = 200)]
    public void Hours_grouped_by_anything_sum_to_the_same_to_the_millisecond((byte Vehicle, byte Purpose, uint AirborneMs, ushort ArmedMs, uint[] TurnsMs)[] flown)
    {
        Dictionary<string, string> modes = new() { ["patrol"] = "routine" };
        var parts = flown.SelectMany(flight => new SumFlightHours.Flight(
            $"{flight.Vehicle % 4}", "", $"user:{flight.Vehicle % 3}", null, flight.Vehicle % 5 == 0 ? null : $"unit-{flight.Vehicle % 5}", null, Name(flight.Purpose), Begin.AddHours(flight.Vehicle), Begin.AddHours(flight.Vehicle).AddSeconds(-4),
            flight.AirborneMs % 10_000_000 / 1000.0, ((flight.AirborneMs % 10_000_000) + flight.ArmedMs) / 1000.0,
            [.. (flight.TurnsMs ?? []).Select(turn => turn % 12_000_000).Order().Select((turn, i) => new SumFlightHours.Turn(Begin.AddHours(flight.Vehicle).AddMilliseconds(turn), Name(flight.Purpose + i)))]).Parts(modes)).ToList();
        var total = SumFlightHours.Row.Of("total", null, parts);

        Assert.Equal(flown.Length, total.Sorties);
        Assert.Equal(flown.Sum(flight => (long)(flight.AirborneMs % 10_000_000)), PurposeSpan.Milliseconds(total.AirborneSeconds));
        foreach (var key in new Func<SumFlightHours.Flown, string?>[] { part => part.VehicleId, part => part.Pilot, part => part.Purpose, part => part.Unit, part => part.DutyMode, part => part.TakeoffAt.ToString("dd") })
        {
            var rows = parts.GroupBy(key).Select(group => SumFlightHours.Row.Of(group.Key, null, group)).ToList();
            Assert.Equal(
                (total.Sorties, PurposeSpan.Milliseconds(total.AirborneSeconds), PurposeSpan.Milliseconds(total.ArmedSeconds)),
                (rows.Sum(row => row.Sorties), rows.Sum(row => PurposeSpan.Milliseconds(row.AirborneSeconds)), rows.Sum(row => PurposeSpan.Milliseconds(row.ArmedSeconds))));
        }
    }

    private static string? Name(int number) => (number % 3) switch { 0 => "patrol", 1 => "incident", _ => null };
}

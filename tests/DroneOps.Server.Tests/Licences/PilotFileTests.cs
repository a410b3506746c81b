using DroneOps.Server.Licences;

namespace DroneOps.Server.Tests.Licences;

public sealed class PilotFileTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly LicencesOptions Strict = new() { Required = true, CurrencyFlights = 2, CurrencyDays = 90, DutyHoursInDay = 4, DutyHoursInWeek = 10 };

    [Fact]
    public void Who_has_none_entered_is_judged_only_where_everybody_needs_one()
    {
        Assert.Equal([LackKind.NoLicence], Kinds(new([], []), Strict));
        Assert.Empty(Kinds(new([], []), new()));
    }

    [Fact]
    public void A_licence_holds_from_its_first_moment_up_to_its_last_and_no_longer_than_until_it_is_withdrawn()
    {
        PilotFile file = new([Held(-10, 5)], []);
        Assert.Equal([LackKind.LicenceExpired], file.LacksAt(Now.AddDays(-10).AddSeconds(-1), new()).Select(lack => lack.Kind));
        Assert.Empty(file.LacksAt(Now.AddDays(-10), new()));
        Assert.Equal([LackKind.LicenceExpired], file.LacksAt(Now.AddDays(5), new()).Select(lack => lack.Kind));
        var withdrawn = Held(-10, 5);
        withdrawn.WithdrawnAt = Now.AddDays(-1);
        Assert.Empty(new PilotFile([withdrawn], []).LacksAt(Now.AddDays(-2), new()));
        Assert.Equal([LackKind.LicenceExpired], Kinds(new([withdrawn], []), new()));
        Assert.Empty(Kinds(new([withdrawn, Held(-1, 100)], []), new()));
    }

    [Fact]
    public void A_medical_that_has_run_out_is_told_of_the_licence_that_holds()
    {
        Assert.Equal([LackKind.MedicalExpired], Kinds(new([Held(-10, 5, medical: 0)], []), new()));
        Assert.Empty(Kinds(new([Held(-10, 5, medical: 1)], []), new()));
        Assert.Empty(Kinds(new([Held(-400, -10, medical: -20), Held(-10, 5, medical: 1)], []), new()));
    }

    [Fact]
    public void A_new_medical_counts_in_whatever_order_the_licences_come_and_an_old_one_is_told_of_the_last_entered()
    {
        var (old, renewed) = (Held(-10, 5, medical: -1), Held(-10, 5, medical: 3, enteredDay: 1));
        foreach (var licences in new Licence[][] { [old, renewed], [renewed, old], [Held(-10, 50, medical: -1), renewed] })
        {
            Assert.Same(renewed, new PilotFile(licences, []).HoldingAt(Now));
            Assert.Empty(Kinds(new(licences, []), new()));
        }

        Assert.Equal([LackKind.MedicalExpired], new PilotFile([old, renewed], []).LacksAt(Now.AddDays(4), new()).Select(lack => lack.Kind));
        Assert.Same(renewed, new PilotFile([old, renewed], []).HoldingAt(Now.AddDays(4)));
        Assert.Same(renewed, new PilotFile([renewed, old], []).HoldingAt(Now.AddDays(4)));
    }

    [Fact]
    public void Practice_and_duty_are_counted_in_their_own_times_and_a_flight_over_the_edge_by_its_part()
    {
        PilotFlight[] flights = [new(Now.AddDays(-91), 600), new(Now.AddDays(-89), 600)];
        Assert.Equal([LackKind.NotCurrent], Kinds(new([Held(-10, 5)], flights), Strict));
        Assert.Empty(Kinds(new([Held(-10, 5)], [.. flights, new(Now.AddDays(-8), 600)]), Strict));

        PilotFile tired = new([Held(-10, 5)], [new(Now.AddHours(-25), 7200), new(Now.AddHours(-5), 3 * 3600), new(Now.AddHours(-30), 3600)]);
        Assert.Equal((4.0, 6.0), (tired.HoursInDay(Now), tired.HoursInWeek(Now)));
        Assert.Equal([LackKind.DutyExceeded], Kinds(tired, Strict));
        Assert.Empty(tired.LacksAt(Now.AddSeconds(1), Strict));
        Assert.Equal([LackKind.DutyExceeded], Kinds(new([Held(-10, 5)], [new(Now.AddDays(-3), 5 * 3600), new(Now.AddDays(-4), 5 * 3600)]), Strict));
    }

    private static IEnumerable<LackKind> Kinds(PilotFile file, LicencesOptions options) => file.LacksAt(Now, options).Select(lack => lack.Kind);

    private static Licence Held(int fromDay, int toDay, int? medical = null, int enteredDay = 0) => new()
    {
        Id = Guid.NewGuid(),
        Pilot = "user:wang",
        Number = "1",
        Class = "small",
        ValidFrom = Now.AddDays(fromDay),
        ValidUntil = Now.AddDays(toDay),
        MedicalUntil = medical is { } day ? Now.AddDays(day) : null,
        EnteredBy = "user:admin",
        EnteredAt = Now.AddDays(enteredDay),
    };
}

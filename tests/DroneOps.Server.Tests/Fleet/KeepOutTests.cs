using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Server.Tests.Fleet;

/// <summary>Orders that would lead into a keep-out zone are refused, the climb and the way to where they begin included. Zones are drawn around the
/// dock, from the ground to 60 m.</summary>
public sealed class KeepOutTests
{
    private const double CeilingM = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_take_off_that_climbs_through_a_zone_is_refused_whatever_height_it_ends_at()
    {
        await using var rig = await FlightRig.StartAsync(1);
        await DrawAsync(rig, southM: -50, northM: 50);

        foreach (var height in (double[])[40, CeilingM, 100])
            await AssertRefusedAsync(await OrderAsync(rig, new { command = "takeoff", altitudeAboveHomeM = height, purpose = "training", authorisedBy = "nobody" }));
    }

    [Fact]
    public async Task A_take_off_that_stays_below_a_zone_goes()
    {
        await using var rig = await FlightRig.StartAsync(1);
        await DrawAsync(rig, southM: -50, northM: 50, floorM: 40);

        await AssertOutcomeAsync("accepted", await OrderAsync(rig, new { command = "takeoff", altitudeAboveHomeM = 30, purpose = "training", authorisedBy = "nobody" }));
    }

    [Fact]
    public async Task An_orbit_is_refused_when_the_way_to_it_meets_a_zone_at_a_height_between_here_and_there()
    {
        await using var rig = await FlightRig.StartAsync(1);
        await DrawAsync(rig, southM: 100, northM: 140);
        await AssertRefusedAsync(await OrbitAsync(rig, northM: 250, radiusM: 40, heightM: 30));
        await AssertRefusedAsync(await OrbitAsync(rig, northM: 250, radiusM: -40, heightM: 90));

        // The copter knows no orbits and says so: it was asked.
        await AssertOutcomeAsync("rejected", await OrbitAsync(rig, northM: -250, radiusM: 40, heightM: 30));
        await ClimbAsync(rig, 90);
        await AssertOutcomeAsync("rejected", await OrbitAsync(rig, northM: 250, radiusM: 40, heightM: 90));
        await AssertRefusedAsync(await OrbitAsync(rig, northM: 250, radiusM: 40, heightM: 30));
    }

    [Fact]
    public async Task A_vehicle_inside_a_zone_may_leave_it_and_be_held_and_landed_and_not_circle_through_it()
    {
        await using var rig = await FlightRig.StartAsync(1);
        await ClimbAsync(rig, 30);
        await DrawAsync(rig, southM: -80, northM: 80);

        await AssertRefusedAsync(await OrbitAsync(rig, northM: 120, radiusM: 45, heightM: 30));
        await AssertRefusedAsync(await OrbitAsync(rig, northM: 0, radiusM: 100, heightM: 30)); // begins outside and cuts the corners
        await AssertRefusedAsync(await WriteAsync(rig, Item(rig, northM: 60, heightM: 30)));
        await AssertOutcomeAsync("rejected", await OrbitAsync(rig, northM: 250, radiusM: 40, heightM: 30));
        await AssertOutcomeAsync("verified", await WriteAsync(rig, Item(rig, northM: 250, heightM: 30)));
        foreach (var command in (string[])["hold", "returnToLaunch", "land"])
            await AssertOutcomeAsync("accepted", await OrderAsync(rig, new { command }));
    }

    [Fact]
    public async Task A_mission_is_refused_when_the_way_to_its_first_place_meets_a_zone()
    {
        await using var rig = await FlightRig.StartAsync(1);
        await DrawAsync(rig, southM: 100, northM: 140);

        await AssertRefusedAsync(await WriteAsync(rig, TakeOff(30), Item(rig, northM: 250, heightM: 30)));
        await AssertRefusedAsync(await WriteAsync(rig, TakeOff(30), Item(rig, northM: 250, heightM: 90)));
        await AssertRefusedAsync(await WriteAsync(rig, Item(rig, northM: 250, heightM: 30)));

        // Over the zone, though the climb beside it began on the ground.
        await AssertOutcomeAsync("verified", await WriteAsync(rig, TakeOff(90), Item(rig, northM: 250, heightM: 90)));
        await ClimbAsync(rig, 30);
        await AssertRefusedAsync(await WriteAsync(rig, Item(rig, northM: 250, heightM: 90)));
    }

    [Fact]
    public async Task A_mission_that_climbs_through_a_zone_is_refused_also_where_it_names_no_place()
    {
        await using var rig = await FlightRig.StartAsync(1);
        await DrawAsync(rig, southM: -50, northM: 50);

        await AssertRefusedAsync(await WriteAsync(rig, TakeOff(90), Item(rig, northM: 250, heightM: 90)));
        await AssertRefusedAsync(await WriteAsync(rig, TakeOff(90)));
    }

    private static async Task ClimbAsync(FlightRig rig, double heightM)
    {
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Takeoff(Altitude.Relative(heightM))));
        await rig.UntilAsync(() => rig.Copters[0].Height > heightM - 0.5);
    }

    /// <summary>Draws a zone 160 m wide that lies so far north of the dock.</summary>
    private static async Task DrawAsync(FlightRig rig, double southM, double northM, double floorM = 0)
    {
        using var admin = await rig.Server.SignInAsync("admin");
        double[][] ring = [Corner(southM, -80), Corner(southM, 80), Corner(northM, 80), Corner(northM, -80), Corner(southM, -80)];
        using var drawn = await admin.PostAsJsonAsync(
            "/api/v1/zones",
            new
            {
                type = "Feature",
                properties = new { nameZh = "区", nameEn = "Zone", effect = "KeepOut", floorM, ceilingM = CeilingM, heightDatum = "Agl" },
                geometry = new { type = "Polygon", coordinates = new[] { ring } },
            },
            Token);
        Assert.Equal(HttpStatusCode.Created, drawn.StatusCode);

        double[] Corner(double north, double east) => At(rig, north, east) is var point ? [point.LongitudeDeg, point.LatitudeDeg] : [];
    }

    private static Task<HttpResponseMessage> OrbitAsync(FlightRig rig, double northM, double radiusM, double heightM)
    {
        var centre = At(rig, northM, 0);
        return OrderAsync(rig, new { command = "orbit", lon = centre.LongitudeDeg, lat = centre.LatitudeDeg, altitudeAboveHomeM = heightM, radiusM });
    }

    private static async Task<HttpResponseMessage> OrderAsync(FlightRig rig, object body)
    {
        using var pilot = await InControlAsync(rig);
        return await rig.CallAsync(() => pilot.PostAsJsonAsync("/api/v1/vehicles/1/commands", body, Token));
    }

    private static async Task<HttpResponseMessage> WriteAsync(FlightRig rig, params object[] items)
    {
        using var pilot = await InControlAsync(rig);
        return await rig.CallAsync(() => pilot.PutAsJsonAsync("/api/v1/vehicles/1/mission", new { items }, Token));
    }

    private static async Task<HttpClient> InControlAsync(FlightRig rig)
    {
        Assert.NotNull(await rig.Get<IGrainFactory>().GetGrain<IVehicleGrain>("1").TakeControl("user:pilot"));
        return await rig.Server.SignInAsync("pilot");
    }

    private static object TakeOff(double heightM) => new { command = 22, frame = 3, altitudeM = heightM };

    private static object Item(FlightRig rig, double northM, double heightM)
    {
        var place = At(rig, northM, 0);
        return new { command = 16, frame = 3, lon = place.LongitudeDeg, lat = place.LatitudeDeg, altitudeM = heightM };
    }

    private static GeoPoint At(FlightRig rig, double northM, double eastM)
    {
        var home = rig.Board.Find("1")!.Snapshot.Home!.Value.Value.Point;
        return Geodesic.Direct(home, Math.Atan2(eastM, northM) * 180 / Math.PI, Math.Sqrt((northM * northM) + (eastM * eastM)));
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer)
    {
        using (answer)
            await answer.ReadProblemAsync(HttpStatusCode.UnprocessableEntity, "keep-out-zone");
    }

    private static async Task AssertOutcomeAsync(string outcome, HttpResponseMessage answer)
    {
        using (answer)
            Assert.Equal(outcome, (await answer.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("outcome").GetString());
    }
}

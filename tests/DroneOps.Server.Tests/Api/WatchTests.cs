using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;

namespace DroneOps.Server.Tests.Api;

/// <summary>What a monitoring system sees of a server that flies.</summary>
public sealed partial class WatchTests
{
    private static readonly string[] Wanted =
    [
        "fleet_link_state", "fleet_heartbeat_age_seconds", "fleet_vehicles", "fleet_vehicles_in_air", "fleet_command_outcome_total", "fleet_command_latency_seconds_bucket",
        "fleet_mavlink_frames_total", "fleet_mavlink_skipped_bytes_total", "fleet_mavlink_sent_frames_total", "fleet_signature_failures_total", "fleet_hub_clients",
        "fleet_hub_send_dropped_total", "fleet_alarm_rate_10m", "fleet_alarms_open", "fleet_audit_append_seconds_bucket", "fleet_audit_tree_size",
    ];

    [Fact]
    public async Task Every_figure_is_there_in_base_units_and_no_vehicle_is_a_label()
    {
        await using var rig = await FlightRig.StartAsync(2);
        var refused = new Commander("user:nobody", MayFly: true, AssignmentId: null);
        await rig.Get<FleetCommands>().ExecuteAsync("1", new VehicleCommand.Arm(), refused, CancellationToken.None);
        using var client = rig.Server.Anonymous();

        var text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);

        var ours = Sample().Matches(text).Where(sample => sample.Groups["name"].Value.StartsWith("fleet_", StringComparison.Ordinal)).ToList();
        Assert.Empty(Wanted.Except(ours.Select(sample => sample.Groups["name"].Value)));
        Assert.DoesNotContain(ours, sample => sample.Groups["labels"].Value.Contains("vehicle", StringComparison.Ordinal) || sample.Groups["labels"].Value.Contains("UAV", StringComparison.Ordinal));
        Assert.Contains(ours, sample => sample.Value.Contains("command=\"arm\"", StringComparison.Ordinal) && sample.Value.Contains("result=\"refused\"", StringComparison.Ordinal));
        Assert.Contains(ours, sample => sample.Groups["name"].Value == "fleet_vehicles" && sample.Value.Contains("link=\"up\"", StringComparison.Ordinal) && sample.Groups["value"].Value != "0");
        Assert.Contains(ours, sample => sample.Value.Contains("reason=\"passed\"", StringComparison.Ordinal) && long.Parse(sample.Groups["value"].Value) > 100);
    }

    [Fact]
    public async Task The_server_is_not_alive_while_the_way_of_commands_is_blocked()
    {
        await using var rig = await FlightRig.StartAsync(1);
        using var client = rig.Server.Anonymous();
        Assert.Equal("healthy", (await client.GetAsync<JsonElement>("/healthz/ready")).GetProperty("status").GetString());

        using var entered = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        void Block(FleetVehicle vehicle)
        {
            entered.Release();
            release.Wait(TestContext.Current.CancellationToken);
        }

        rig.Board.Changed += Block;
        rig.Get<Gateway>().LoopOf("1")!.Refresh();
        await entered.WaitAsync(TestContext.Current.CancellationToken);
        rig.Server.Time.Advance(TimeSpan.FromSeconds(3));

        using var answer = await client.GetAsync(new Uri("/healthz/live", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("blocked", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        rig.Board.Changed -= Block;
        release.Set();
    }

    [GeneratedRegex(@"^(?<name>[a-z0-9_]+)(?<labels>\{[^\n]*\})? (?<value>[-+.0-9A-Za-z]+)$", RegexOptions.Multiline)]
    private static partial Regex Sample();
}

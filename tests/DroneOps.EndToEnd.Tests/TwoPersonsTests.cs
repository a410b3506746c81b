using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>What came of an incident is entered by one person and confirmed by another, a drone is grounded by one and freed by another, and who may launch is known before he does; nobody touches the mouse.</summary>
public sealed class TwoPersonsTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = ConsoleBrowser.PatienceMs };

    [Fact]
    public async Task An_outcome_is_entered_at_an_incident_and_confirmed_by_another_person_by_keyboard_alone()
    {
        await using var dispatcher = await browser.OpenAsync();
        await dispatcher.SignInAsync("dispatcher");
        var keys = dispatcher.Page.Keyboard;
        await keys.PressAsync("3");
        await Expect(dispatcher["incident-new"]).ToBeVisibleAsync();
        await keys.PressAsync("n");
        await Expect(dispatcher["incident-type"]).ToBeFocusedAsync();
        await dispatcher["incident-lon"].FocusAsync();
        await keys.TypeAsync("117.602000");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("24.533000");
        await keys.PressAsync("Control+Enter");
        await Expect(dispatcher["incident-panel"]).ToBeVisibleAsync(Patient);
        await Expect(dispatcher["incident-form"]).ToHaveCountAsync(0);

        await keys.PressAsync("o");
        await Expect(dispatcher["outcome-kind"]).ToBeFocusedAsync();
        for (var down = 0; down < 3; down++)
            await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Tab");
        await Expect(dispatcher["outcome-count"]).ToBeFocusedAsync();
        await keys.PressAsync("Control+a");
        await keys.TypeAsync("2");
        await ConsoleBrowser.PictureAsync(dispatcher.Page, "40-outcome-zh");
        await keys.PressAsync("Enter");
        await Expect(dispatcher["outcome-form"]).ToHaveCountAsync(0);
        await Expect(dispatcher["outcomes-here"].Locator("li")).ToHaveAttributeAsync("data-state", "entered", new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(dispatcher["outcomes-here"]).ToContainTextAsync("救助群众 2");
        await Expect(dispatcher["outcome-confirm"]).ToHaveCountAsync(0);

        await using var pilot = await browser.OpenAsync();
        await pilot.SignInAsync("pilot");
        await Expect(pilot["waiting-badge"]).ToHaveTextAsync("1", new() { Timeout = ConsoleBrowser.PatienceMs });
        await pilot["nav-report"].PressAsync("Enter");
        await Expect(pilot["outcomes-waiting"]).ToContainTextAsync("救助群众", new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(pilot["report-personsRescued"]).ToHaveTextAsync("0");
        await ConsoleBrowser.PictureAsync(pilot.Page, "41-waiting-zh");
        await pilot["outcomes-waiting"].GetByTestId("outcome-confirm").PressAsync("Enter");
        await Expect(pilot["outcomes-waiting"]).ToHaveCountAsync(0);
        await Expect(pilot["report-personsRescued"]).ToHaveTextAsync("2", new() { Timeout = ConsoleBrowser.PatienceMs });
        dispatcher.AssertQuiet();
        pilot.AssertQuiet();
    }

    [Fact]
    public async Task A_drone_is_grounded_for_a_defect_by_a_pilot_and_freed_by_another_person()
    {
        await using var pilot = await browser.OpenAsync();
        await pilot.SignInAsync("pilot");
        await pilot["nav-fleet"].PressAsync("Enter");
        await pilot["airframe-3"].PressAsync("Enter");
        await pilot["defect-text"].FocusAsync();
        await pilot.Page.Keyboard.TypeAsync("左前桨裂纹");
        await pilot.Page.Keyboard.PressAsync("Tab");
        await pilot.Page.Keyboard.PressAsync("Space");
        await pilot["defect-report"].PressAsync("Enter");
        await Expect(pilot["airframe-grounded"]).ToContainTextAsync("缺陷未放行（左前桨裂纹）", new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(pilot["defect-release"]).ToHaveCountAsync(0);
        await ConsoleBrowser.PictureAsync(pilot.Page, "42-airframe-zh");

        await using var admin = await browser.OpenAsync();
        await admin.SignInAsync("admin");
        await admin["nav-fleet"].PressAsync("Enter");
        await admin["maintenance-new"].PressAsync("Enter");
        await admin["plan-name"].FillAsync("五十小时检查");
        await admin["plan-hours"].FillAsync("50");
        await admin["plan-hours"].PressAsync("Enter");
        await Expect(admin["maintenance-plans"]).ToContainTextAsync("五十小时检查", new() { Timeout = ConsoleBrowser.PatienceMs });
        await ConsoleBrowser.PictureAsync(admin.Page, "43-fleet-zh");
        await admin["airframe-3"].PressAsync("Enter");
        await Expect(admin["airframe-plans"]).ToContainTextAsync("五十小时检查", new() { Timeout = ConsoleBrowser.PatienceMs });
        await admin["defect-release"].PressAsync("Enter");
        await admin["defect-release-text"].FillAsync("换桨并试车");
        await admin["defect-release-text"].PressAsync("Enter");
        await Expect(admin["airframe-grounded"]).ToHaveCountAsync(0, new() { Timeout = ConsoleBrowser.PatienceMs });
        pilot.AssertQuiet();
        admin.AssertQuiet();
    }

    [Fact]
    public async Task A_pilot_whose_licence_has_run_out_sees_it_before_he_launches()
    {
        await using var admin = await browser.OpenAsync();
        await admin.SignInAsync("admin");
        await admin["nav-settings"].PressAsync("Enter");
        await admin["licence-user"].SelectOptionAsync("pilot");
        await admin["licence-number"].FillAsync("UAS-2020-0007");
        await admin["licence-class"].FillAsync("小型");
        await admin["licence-from"].FillAsync("2020-01-01");
        await admin["licence-until"].FillAsync("2020-12-31");
        await admin["licence-enter"].PressAsync("Enter");
        await Expect(admin["licences"]).ToContainTextAsync("没有有效执照，最近一份有效至 2020-12-31。", new() { Timeout = ConsoleBrowser.PatienceMs });
        await ConsoleBrowser.PictureAsync(admin.Page, "44-licences-zh");

        await using var pilot = await browser.OpenAsync();
        await pilot.SignInAsync("pilot");
        await pilot["vehicle-row-3"].PressAsync("Enter");
        await pilot["control-take"].PressAsync("Enter");
        await Expect(pilot["command-button-takeoff"]).ToBeEnabledAsync(new() { Timeout = ConsoleBrowser.PatienceMs });
        await pilot["command-button-takeoff"].PressAsync("Enter");
        await Expect(pilot["launch-lacks"]).ToContainTextAsync("没有有效执照", new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(pilot["launch-lacks"]).ToContainTextAsync("可以起飞");
        await ConsoleBrowser.PictureAsync(pilot.Page, "45-launch-lacks-zh");
        pilot.AssertQuiet();
        admin.AssertQuiet();
    }
}

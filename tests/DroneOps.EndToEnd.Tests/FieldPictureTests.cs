using System.Globalization;
using DroneOps.Server.Tests.Harness;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>What the drone of an incident sees, on the crew's phone and on the wall of the command centre.</summary>
public sealed class FieldPictureTests(CameraBrowser browser) : IClassFixture<CameraBrowser>
{
    private const int PhoneWidth = 360;
    private static readonly LocatorAssertionsToHaveAttributeOptions Patient = new() { Timeout = ConsoleBrowser.PatienceMs };

    [Fact]
    public async Task A_crew_watches_the_drone_that_comes_to_it_and_so_does_the_wall()
    {
        await using var sender = CameraSender.Start(640, 360, browser.Ports);
        await using var console = await browser.OpenAsync();
        await console.SignInAsync("dispatcher");
        await console["nav-incidents"].ClickAsync();
        await console["incident-new"].ClickAsync();
        await console["incident-type"].SelectOptionAsync("theft");
        await console["incident-lon"].FillAsync("117.656000");
        await console["incident-lat"].FillAsync("24.512000");
        await console["incident-submit"].ClickAsync();
        await Expect(console["dispatch-button"]).ToBeEnabledAsync(new() { Timeout = ConsoleBrowser.PatienceMs });
        await console["dispatch-button"].ClickAsync();
        await console.SeesAsync("incident-pictures");
        await console["links-button"].ClickAsync();
        await console["link-unit"].FillAsync("巡警-09");
        await console.Page.Keyboard.PressAsync("Enter");
        var url = await console["link-url"].InnerTextAsync();

        await using var phone = await browser.OpenAsync(PhoneWidth, 740);
        await phone.Page.GotoAsync(url);

        // Nothing is fetched before the officer asks for it.
        await Expect(phone["field-watch"].First).ToBeVisibleAsync();
        await Expect(phone["field-picture"]).ToHaveCountAsync(0);
        await phone["field-watch"].First.ClickAsync();
        await WatchAsync(phone, "[data-testid=field-picture]");
        Assert.InRange(await phone.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 1, PhoneWidth);
        await ConsoleMannersTests.AssertAccessibleAsync(phone, "phone with a picture");
        await phone["field-picture"].ScrollIntoViewIfNeededAsync();
        await ConsoleBrowser.PictureAsync(phone.Page, "phone-picture-zh");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Switch to English" }).ClickAsync();
        await phone.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await phone["field-picture"].ScrollIntoViewIfNeededAsync();
        await ConsoleBrowser.PictureAsync(phone.Page, "phone-picture-en-dark");

        await console.Page.Keyboard.PressAsync("Escape");
        await console["nav-wall"].ClickAsync();
        await WatchAsync(console, "[data-testid=wall-picture] [data-testid^=picture-]");
        await ConsoleMannersTests.AssertAccessibleAsync(console, "wall with a picture");
        await ConsoleBrowser.PictureAsync(console.Page, "wall-picture-zh");
        await console.Page.Keyboard.PressAsync("Escape");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await console["nav-wall"].ClickAsync();
        await WatchAsync(console, "[data-testid=wall-picture] [data-testid^=picture-]");
        await ConsoleBrowser.PictureAsync(console.Page, "wall-picture-en");

        await phone["field-unwatch"].ClickAsync();
        await Expect(phone["field-picture"]).ToHaveCountAsync(0);
        console.AssertQuiet();
        phone.AssertQuiet();
    }

    // Live, and the picture moves.
    private static async Task WatchAsync(WatchedPage page, string picture)
    {
        await Expect(page.Page.Locator(picture).First).ToHaveAttributeAsync("data-state", "live", Patient);
        var ages = await page.Page.EvaluateAsync<double[]>(CameraSender.WatchScript, new { selector = $"{picture} canvas", count = 5 });
        Assert.All(ages, age => Assert.True(age is > -50 and < 5000, string.Create(CultureInfo.InvariantCulture, $"{age} ms old")));
    }
}

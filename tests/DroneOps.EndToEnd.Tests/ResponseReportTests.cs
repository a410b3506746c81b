using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>The report of response times in a real browser: what it shows is what the service counts.</summary>
public sealed class ResponseReportTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    [Fact]
    public async Task A_number_of_the_report_is_the_services_own_opens_into_its_incidents_and_prints_on_a_page()
    {
        await using var console = await browser.OpenAsync();
        await console.Page.GotoAsync(browser.Address.ToString());
        await console.SignInAsync("dispatcher");
        var number = await ReportAsync(console);

        await console["nav-response"].ClickAsync();
        await Expect(console["response-incidents"]).ToHaveTextAsync(new Regex("^[1-9][0-9]*$"));
        var shown = await console["response-p50-unitToScene"].GetAttributeAsync("data-seconds");
        var counted = await console.Page.EvaluateAsync<JsonElement>("async () => (await fetch('/api/v1/response/report')).json()");
        var span = counted.GetProperty("total").GetProperty("spans").EnumerateArray().Single(candidate => candidate.GetProperty("span").GetString() == "unitToScene");
        Assert.Equal(span.GetProperty("p50S").GetDouble().ToString(CultureInfo.InvariantCulture), shown);
        await ConsoleBrowser.PictureAsync(console.Page, "response-zh");

        await console["response-open-type-drowning"].ClickAsync();
        await Expect(console["response-behind"]).ToContainTextAsync(number);
        await Expect(console["response-chosen-type"]).ToBeVisibleAsync();
        await console["response-chosen-type"].ClickAsync();
        await Expect(console["response-chosen-type"]).ToHaveCountAsync(0);

        var pages = await console.Page.PdfAsync(new() { Format = "A4", PreferCSSPageSize = true, Path = ConsoleBrowser.PathOf("response-a4.pdf") });
        Assert.Single(Regex.Matches(Encoding.Latin1.GetString(pages), "/Type ?/Page\\b(?!s)"));
        console.AssertQuiet();
    }

    /// <summary>An incident of ten minutes ago that a crew reached after four minutes and eleven seconds.</summary>
    private static async Task<string> ReportAsync(WatchedPage console)
    {
        var number = $"R-{Guid.NewGuid():n}"[..12];
        await console.Page.EvaluateAsync(
            """
            async (number) => {
              const { antiforgeryToken } = await (await fetch('/api/v1/session')).json();
              const post = async (path, body) => {
                const answer = await fetch(`/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-xsrf-token': antiforgeryToken }, body: JSON.stringify(body) });
                if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
                return answer.json();
              };
              const called = Date.now() - 600_000;
              const { id } = await post('/incidents', { externalNumber: number, type: 'drowning', priority: 2, keySiteId: 'site-zhongshan-park', reportedAt: new Date(called).toISOString() });
              await post(`/incidents/${id}/stages`, { stage: 'UnitOnScene', at: new Date(called + 251_000).toISOString() });
            }
            """,
            number);
        return number;
    }
}

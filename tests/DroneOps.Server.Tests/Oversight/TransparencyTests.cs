using System.Globalization;
using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using DroneOps.Server.Api;
using DroneOps.Server.Oversight;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Oversight;

/// <summary>The page that an authority publishes, on both stores.</summary>
public abstract class TransparencyTests(SharedServer shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_how_much_was_flown_for_what_and_roughly_where_and_names_nobody()
    {
        var day = new DateTimeOffset(2013, 1, 1, 16, 0, 0, TimeSpan.Zero).AddDays(7 * Random.Shared.Next(100));
        await FlownRows.FlyAsync(shared.Server, day.AddHours(1), [(117.601, 24.401), (117.619, 24.401)], vehicle: "7788", purpose: "rescue", pilot: "user:zhang-san");
        await FlownRows.FlyAsync(shared.Server, day.AddHours(2), [(117.601, 24.401), (117.603, 24.401)], vehicle: "7788", purpose: "rescue", pilot: "user:zhang-san", taskKind: "incident", taskId: "110-secret");
        await FlownRows.FlyAsync(shared.Server, day.AddHours(3), [(117.601, 24.401), (117.603, 24.401)], vehicle: "7788", purpose: null, authorisedBy: null);
        var zh = await PageAsync(day, "zh");
        Assert.Equal(["救助群众|2|", "尚未说明|1|"], Rows(zh, 0).Select(row => $"{row[0]}|{row[1]}|"));
        Assert.Equal("3", Figures(zh)[0]);
        Assert.Equal(["100+|0", "20–99|0", "5–19|0", "少于 5|2"], Rows(zh, 1).Select(row => string.Join('|', row)));
        var en = await PageAsync(day, "en");
        Assert.Equal(["Rescue", "Not explained yet"], Rows(en, 0).Select(row => row[0]));
        Assert.Equal("en", en.Root!.Attribute("lang")!.Value);
        foreach (var page in new[] { zh, en })
        {
            var text = page.ToString();
            Assert.All(["zhang-san", "7788", "110-secret", "117.601", "user:", "http:", "https:", "<script", "src="], secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task It_is_for_auditors_and_for_times_that_can_be()
    {
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        using var theirs = await pilot.GetAsync("/api/v1/oversight/transparency.html", Token);
        Assert.Equal(HttpStatusCode.Forbidden, theirs.StatusCode);
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var french = await auditor.GetAsync("/api/v1/oversight/transparency.html?lang=fr", Token);
        await french.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public void What_the_authority_has_configured_stands_there_as_text()
    {
        var options = new OversightOptions { AuthorityEn = "Bureau <b>&amp; Sons", ComplaintsEn = "0596-12345 \"hotline\"" };
        var page = new TransparencyPage(
            true, options, new(TestServer.Begin.AddDays(-30), TestServer.Begin), TestServer.Begin, new(null, null, 0, 0, new(0, 0, 0), new(0, 0, 0), new(0, 0, 0), new(0, 0, 0), new(0, 0, 0)), [], new Dictionary<(int, int), int>(), []);
        var parsed = Parse(page.Write());
        Assert.Equal("Bureau <b>&amp; Sons", parsed.Descendants("h1").Single().Value);
        Assert.Contains(parsed.Descendants("p"), said => said.Value == "0596-12345 \"hotline\"");
        Assert.Contains(parsed.Descendants("p"), said => said.Value == "There were no flights.");
        Assert.Empty(parsed.Descendants("svg"));
    }

    [Fact]
    public void Flights_that_changed_their_purpose_count_once_and_their_seconds_for_what_they_were_flown_for()
    {
        var at = TestServer.Begin;
        PublishedFlight[] flights = [new(Guid.NewGuid(), at, 100.001, "patrol", [new(at.AddSeconds(60), "incident")]), new(Guid.NewGuid(), at, 10, "incident", [])];
        Assert.Equal([("patrol", 1, 60_000L), ("incident", 1, 50_001L)], TransparencyPage.ByPurpose(flights).Select(total => (total.Purpose, total.Sorties, total.AirborneMs)));
    }

    private static List<string> Figures(XDocument page) => [.. page.Descendants("dd").Select(figure => figure.Value)];

    private static List<List<string>> Rows(XDocument page, int table) => [.. page.Descendants("tbody").ElementAt(table).Elements("tr").Select(row => row.Elements("td").Select(cell => cell.Value).ToList())];

    private static XDocument Parse(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private async Task<XDocument> PageAsync(DateTimeOffset day, string language)
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var answer = await auditor.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/oversight/transparency.html?lang={language}&from={Rfc3339.Text(day)}&to={Rfc3339.Text(day.AddDays(1))}"), Token);
        Assert.Equal((HttpStatusCode.OK, "text/html", "attachment"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.DispositionType));
        return Parse(Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(Token)));
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : TransparencyTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : TransparencyTests(server);
}

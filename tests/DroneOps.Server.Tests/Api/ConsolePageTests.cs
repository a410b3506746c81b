using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Api;

[Collection(On.Sqlite)]
public sealed class ConsolePageTests(SqliteServer shared)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/incidents/7")]
    public async Task An_address_of_the_console_answers_its_page_to_anybody(string path)
    {
        using var client = shared.Server.Anonymous();

        var page = await client.GetStringAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(await client.GetStringAsync(new Uri("/index.html", UriKind.Relative)), page);
    }
}

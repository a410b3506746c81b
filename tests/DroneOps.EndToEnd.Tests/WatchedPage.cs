using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>A page of the console, and everything it did that a console must not do: complain, fail, or speak to another host.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _complaints = new();

    public WatchedPage(IPage page, Uri address)
    {
        Page = page;
        _address = address;
        page.Console += (_, message) => Hear(message);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Response += (_, response) => Hear(response);
        page.Request += (_, request) => Watch(request.Url);
        page.WebSocket += (_, socket) => Watch(socket.Url);
    }

    public IPage Page { get; }

    public ILocator this[string testId] => Page.GetByTestId(testId);

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());

    public async Task SignInAsync(string userName)
    {
        await Page.GotoAsync(_address.ToString());
        await this["signin-username"].FillAsync(userName);
        await this["signin-password"].FillAsync(Started.Password);
        await this["signin-submit"].ClickAsync();
        await Expect(this["feed-state"]).ToHaveAttributeAsync("data-state", "live", new() { Timeout = ConsoleBrowser.PatienceMs });
    }

    /// <summary>Waits until something can be seen; when it cannot, what the page complained of meanwhile tells why.</summary>
    public async Task SeesAsync(string testId)
    {
        try
        {
            await Expect(this[testId]).ToBeVisibleAsync(new() { Timeout = ConsoleBrowser.PatienceMs });
        }
        catch (PlaywrightException missing)
        {
            Assert.Fail($"{testId} is not to be seen. Complaints: {string.Join("; ", _complaints)}. Notices: {string.Join("; ", await Page.Locator(".notice").AllInnerTextsAsync())}. {missing.Message}");
        }
    }

    /// <summary>Fails with everything the page did wrong until now.</summary>
    public void AssertQuiet() => Assert.Empty(_complaints);

    private void Hear(IConsoleMessage message)
    {
        // Chromium reports every answer of 400 and above here too, without saying for what: they are judged where they come in.
        if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            _complaints.Enqueue($"{message.Type}: {message.Text}");
    }

    private void Hear(IResponse response)
    {
        // "Who am I?" is answered with 401 to whoever has not signed in: that is how the console learns it.
        var expected = response.Status == 401 && response.Url.EndsWith("/api/v1/session", StringComparison.Ordinal);
        if (response.Status >= 400 && !expected)
            _complaints.Enqueue($"{response.Status} for {response.Request.Method} {response.Url}");
    }

    private void Watch(string url)
    {
        var asked = new Uri(url);
        if (asked.Scheme is not ("data" or "blob") && asked.Authority != _address.Authority)
            _complaints.Enqueue($"asked another host: {url}");
    }
}

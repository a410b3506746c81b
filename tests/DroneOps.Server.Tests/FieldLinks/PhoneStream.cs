using System.Net;
using System.Text.Json;

namespace DroneOps.Server.Tests.FieldLinks;

/// <summary>The events that a phone follows.</summary>
internal sealed class PhoneStream : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private PhoneStream(HttpResponseMessage answer, StreamReader lines) => (_answer, _lines) = (answer, lines);

    public static async Task<PhoneStream> OpenAsync(CrewPhone phone)
    {
        var answer = await phone.Client.GetAsync(new Uri("/field/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Reads up to the next event of a name.</summary>
    public async Task<JsonElement> NextAsync(string name)
    {
        var current = "";
        while (await _lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                current = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && current == name)
                return JsonElement.Parse(line[6..]);
        }

        throw new EndOfStreamException($"The stream ended before '{name}'.");
    }

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }
}

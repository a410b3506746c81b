using System.Text;
using DroneOps.Links;

namespace DroneOps.Fuzz;

/// <summary>Link addresses: whatever the text, there is a value or a sentence, and a value reads back as itself.</summary>
internal sealed class LinkUriTarget : IFuzzTarget
{
    public string Name => "link-uri";

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (LinkUri.TryParse(text, out var uri, out var error))
        {
            if (LinkUri.Parse(uri.ToString()) != uri)
                throw new InvalidOperationException($"'{text}' does not read back from '{uri}'.");
        }
        else if (error.Length == 0)
            throw new InvalidOperationException($"'{text}' is refused without a reason.");
    }
}

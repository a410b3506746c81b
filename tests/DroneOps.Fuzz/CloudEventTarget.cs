using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http;

namespace DroneOps.Fuzz;

/// <summary>A CloudEvent as somebody sends it. The first byte chooses the mode; in binary mode each line is a header up to an empty one, and the
/// rest is the body.</summary>
internal sealed class CloudEventTarget : IFuzzTarget
{
    public string Name => "cloud-event";

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var body = input[1..].ToArray();
        List<Fault> faults = [];
        IReadOnlyList<CloudEvent>? read = (input[0] % 3) switch
        {
            0 => CloudEventReader.ReadStructured(body, faults) is { } one ? [one] : null,
            1 => CloudEventReader.ReadBatch(body, faults),
            _ => ReadBinary(body, faults) is { } one ? [one] : null,
        };
        if (read is null == (faults.Count == 0))
            throw new InvalidOperationException("A refusal names its reason, and nothing else does.");
        if (read?.Any(happened => happened.Id.Length == 0 || happened.Type.Length == 0 || happened.Source.Contains('\n', StringComparison.Ordinal)) == true)
            throw new InvalidOperationException("An accepted event can be told from every other.");
    }

    private static CloudEvent? ReadBinary(ReadOnlySpan<byte> message, List<Fault> faults)
    {
        var headers = new HeaderDictionary();
        while (message.IndexOf((byte)'\n') is var end and > 0)
        {
            var line = System.Text.Encoding.Latin1.GetString(message[..end]).Split(':', 2, StringSplitOptions.TrimEntries);
            if (line is [{ Length: > 0 } name, var value])
                headers.Append(name, value);
            message = message[(end + 1)..];
        }

        return CloudEventReader.ReadBinary(headers, message.IsEmpty ? default : message[1..].ToArray(), faults);
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DroneOps.Links;

namespace DroneOps.FirmwareBridge;

/// <summary>What a bridge has done since it was started.</summary>
/// <param name="Uptime">Since its start.</param>
/// <param name="Vehicles">Its links to the vehicle.</param>
/// <param name="Servers">Its links to the ground.</param>
internal sealed record BridgeStatus(TimeSpan Uptime, IReadOnlyList<LinkStatus> Vehicles, IReadOnlyList<LinkStatus> Servers)
{
    /// <summary>One JSON object on one line.</summary>
    public string ToJson()
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("uptimeS", Math.Round(Uptime.TotalSeconds, 1));
            Write(json, "vehicles", Vehicles);
            Write(json, "servers", Servers);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        StringBuilder line = new();
        line.Append(CultureInfo.InvariantCulture, $"{Uptime.TotalSeconds:0} s");
        foreach (var link in Vehicles.Concat(Servers))
        {
            line.Append(
                CultureInfo.InvariantCulture,
                $" | {link.Uri}: {link.State}, {link.Frames.Frames} in, {link.SentFrames} out, {link.LossRatio:0.0 %} lost, {link.Frames.BadChecksums} bad, {link.DroppedForwards} dropped");
        }

        return line.ToString();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<LinkStatus> links)
    {
        json.WriteStartArray(name);
        foreach (var link in links)
        {
            json.WriteStartObject();
            json.WriteString("link", link.Uri.ToString());
            json.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(link.State.ToString()));
            json.WriteNumber("receivedFrames", link.Frames.Frames + link.Frames.UnknownFrames);
            json.WriteNumber("receivedBytes", link.ReceivedBytes);
            json.WriteNumber("badChecksums", link.Frames.BadChecksums);
            json.WriteNumber("skippedBytes", link.Frames.SkippedBytes);
            json.WriteNumber("refusedFrames", link.RefusedFrames);
            json.WriteNumber("lossPercent", Math.Round(link.LossRatio * 100, 2));
            json.WriteNumber("sentFrames", link.SentFrames);
            json.WriteNumber("sentBytes", link.SentBytes);
            json.WriteNumber("droppedFrames", link.DroppedForwards);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

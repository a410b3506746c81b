using System.Text.Json;

namespace DroneOps.Server.Api;

/// <summary>An event of another system (CloudEvents 1.0) with JSON data.</summary>
/// <param name="Id">With <paramref name="Source"/> unique: the same pair is the same event.</param>
/// <param name="Source">A URI reference.</param>
/// <param name="Type">What happened.</param>
/// <param name="Subject">To what, or null.</param>
/// <param name="Time">When, or null.</param>
/// <param name="Data">The data; undefined when there is none.</param>
internal sealed record CloudEvent(string Id, string Source, string Type, string? Subject, DateTimeOffset? Time, JsonElement Data)
{
    public const string Structured = "application/cloudevents+json";
    public const string Batch = "application/cloudevents-batch+json";
}

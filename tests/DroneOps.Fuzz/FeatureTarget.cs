using System.Text.Json;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;

namespace DroneOps.Fuzz;

/// <summary>A GeoJSON feature as somebody sends it. The first byte chooses the kind.</summary>
internal sealed class FeatureTarget : IFuzzTarget
{
    private static readonly Envelope City = new(116.8, 118.2, 23.5, 25.3);

    public string Name => "feature";

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;

        var kind = FeatureKind.All[input[0] % FeatureKind.All.Count];
        JsonDocument sent;
        try
        {
            sent = JsonDocument.Parse(input[1..].ToArray());
        }
        catch (JsonException)
        {
            // The HTTP layer refuses it before the slice sees it.
            return;
        }

        using (sent)
        {
            var faults = new List<Fault>();
            var read = FeatureInput.Read(sent.RootElement, kind, City, faults);
            if (read is null == (faults.Count == 0))
                throw new InvalidOperationException("A refusal names its reason, and nothing else does.");
            if (read is not null && (!read.Shape.IsValid || !City.Contains(read.Shape.EnvelopeInternal)))
                throw new InvalidOperationException($"An accepted shape is simple and in the city: {read.Shape}");
        }
    }
}

using DroneOps.Server.Sorties.Import;

namespace DroneOps.Fuzz;

/// <summary>A file of flights as somebody sends it. The first byte chooses the format and the datum. What is taken has its clocks in order and in the past.</summary>
internal sealed class FlightsTarget : IFuzzTarget
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    public string Name => "flights";

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        using var stream = new MemoryStream(input[1..].ToArray());
        using var reader = FlightReader.Open((input[0] & 8) == 8 ? FlightFormat.Tlog : (input[0] & 1) == 1 ? FlightFormat.Gpx : FlightFormat.Csv, stream, new FileTerms((input[0] & 2) == 2, (input[0] & 4) == 4 ? "A" : null, null, Now), out var wrong);
        if (reader is null)
        {
            if (wrong is null)
                throw new InvalidOperationException("A file that is not read says why.");
            return;
        }

        while (reader.Next() is { } read)
        {
            if (read.Flight is null && read.Remarks.Count == 0)
                throw new InvalidOperationException("A refusal names its reason.");
            if (read.Flight is { } flight && (flight.LandedAt <= flight.Draft.TakeoffAt || flight.LandedAt > Now.AddMinutes(5) || flight.Vehicle.Length is 0 or > 200 || !(flight.Draft.DistanceM >= 0)))
                throw new InvalidOperationException($"A flight that was taken can have been flown: row {read.Row}");
        }
    }
}

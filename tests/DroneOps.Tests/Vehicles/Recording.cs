using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Vehicles;

namespace DroneOps.Tests.Vehicles;

/// <summary>The frames of one vehicle from a recording, and the fold of them.</summary>
internal static class Recording
{
    public static readonly MavlinkAddress Self = new(255, 190);

    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(100);

    public sealed record Stamped(DateTimeOffset At, byte[] Bytes);

    public static List<Stamped> FramesOf(string file, byte systemId)
    {
        using var stream = File.OpenRead(Checkout.Golden("tlogs", file));
        TlogReader reader = new(stream, MessageCatalog.Default);
        List<Stamped> frames = [];
        while (reader.TryRead(out var record))
        {
            if (!record.SentByUs && record.Frame.SystemId == systemId)
                frames.Add(new(record.Stamp, record.Frame.Bytes.ToArray()));
        }

        return frames;
    }

    public static List<VehicleFact> Replay(string file, byte systemId) =>
        Replay(FramesOf(file, systemId), systemId, new VehicleOptions { ListenOnly = true }, out _);

    public static List<VehicleFact> Replay(IReadOnlyList<Stamped> frames, byte systemId, VehicleOptions options, out Vehicle vehicle)
    {
        vehicle = new(new("test", systemId), options, Self);
        List<VehicleFact> facts = [];
        var next = frames[0].At;
        foreach (var (at, bytes) in frames)
        {
            for (; next < at; next += TickEvery)
            {
                vehicle.Tick(next);
                Drain(vehicle, facts);
            }

            if (MavlinkFrame.TryParse(bytes, MessageCatalog.Default, out var frame))
                vehicle.OnMessage(frame, at);
            Drain(vehicle, facts);
        }

        return facts;
    }

    public static void Drain(Vehicle vehicle, List<VehicleFact> facts)
    {
        while (vehicle.TryTakeFact(out var fact))
            facts.Add(fact);
        while (vehicle.TryTakeOutgoing(out _))
        {
        }
    }
}

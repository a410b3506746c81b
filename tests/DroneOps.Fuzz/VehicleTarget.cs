using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;

namespace DroneOps.Fuzz;

/// <summary>The conversation with a vehicle: whatever messages come, in whatever order, with commands and transfers under way, nothing is thrown,
/// every begun command and transfer ends once, and arming and flight alternate. The input is a stream of MAVLink 2 frames; their
/// checksums are put right, so that a mutated payload arrives. Bytes between two frames let time pass, up to 25 s.</summary>
internal sealed class VehicleTarget : IFuzzTarget
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public string Name => "vehicle";

    public void Run(ReadOnlySpan<byte> input)
    {
        Vehicle vehicle = new(new("fuzz", 1), new VehicleOptions(), new(255, 190));
        var now = Start;
        var open = new HashSet<int>();
        var armed = false;
        var flying = false;
        Span<byte> repaired = stackalloc byte[MavlinkFrame.MaxLength];
        var at = 0;
        var frames = 0;
        while (at < input.Length)
        {
            var gap = input[at..].IndexOf(MavlinkFrame.Magic2);
            if (gap < 0)
                break;
            at += gap;
            var length = Repair(input[at..], repaired);
            if (length == 0 || !MavlinkFrame.TryParse(repaired[..length], MessageCatalog.Default, out var frame))
            {
                at++;
                continue;
            }

            at += length;
            now += TimeSpan.FromMilliseconds(gap == 0 ? 20 : 100 * (gap % 256));
            vehicle.OnMessage(frame, now);
            vehicle.Tick(now);
            if (frames++ % 16 == 0)
                Begin(vehicle, frames / 16, open, now);
            Drain(vehicle, open, ref armed, ref flying);
        }

        // Everything has a deadline: after ten quiet minutes nothing is under way.
        for (var i = 0; i < 6000 && open.Count > 0; i++)
        {
            now += TimeSpan.FromMilliseconds(100);
            vehicle.Tick(now);
            Drain(vehicle, open, ref armed, ref flying);
        }

        if (open.Count > 0)
            throw new InvalidOperationException($"{open.Count} commands or transfers never ended.");
    }

    /// <summary>Copies what looks like an unsigned frame, as one of vehicle 1 and with the checksum it should have.</summary>
    /// <returns>Its length; 0 where none begins here.</returns>
    private static int Repair(ReadOnlySpan<byte> bytes, Span<byte> frame)
    {
        const int header = 10;
        const int checksum = 2;
        if (bytes.Length < header + checksum || bytes.Length < header + bytes[1] + checksum || bytes[2] != 0)
            return 0;
        var id = bytes[7] | ((uint)bytes[8] << 8) | ((uint)bytes[9] << 16);
        if (!MessageCatalog.Default.TryFind(id, out var message))
            return 0;
        var end = header + bytes[1];
        bytes[..end].CopyTo(frame);
        frame[5] = 1;
        frame[6] = 1;
        ushort crc = 0xffff;
        for (var i = 1; i < end; i++)
            crc = Accumulate(crc, frame[i]);
        crc = Accumulate(crc, message.CrcExtra);
        frame[end] = (byte)crc;
        frame[end + 1] = (byte)(crc >> 8);
        return end + checksum;
    }

    private static ushort Accumulate(ushort crc, byte value)
    {
        var mixed = (byte)(value ^ (byte)crc);
        mixed ^= (byte)(mixed << 4);
        return (ushort)((crc >> 8) ^ (mixed << 8) ^ (mixed << 3) ^ (mixed >> 4));
    }

    private static void Begin(Vehicle vehicle, int n, HashSet<int> open, DateTimeOffset now) => open.Add((n % 8) switch
    {
        0 => vehicle.Begin(new VehicleCommand.Takeoff(Mavlink.Altitude.Relative(20)), now),
        1 => vehicle.BeginUpload(PlanKind.Mission, [new MissionItemInt { Command = MavCmd.NavWaypoint }, new MissionItemInt { Command = MavCmd.NavLand }], now),
        2 => vehicle.Begin(new VehicleCommand.Hold(), now),
        3 => vehicle.BeginDownload(PlanKind.Fence, now),
        4 => vehicle.Begin(new VehicleCommand.StartMission(), now),
        5 => vehicle.BeginReadParameters(["FENCE_ACTION", "RTL_ALT"], now),
        6 => vehicle.Begin(new VehicleCommand.EnableFence(true), now),
        _ => vehicle.BeginSetParameter("FENCE_ACTION", 1, now),
    });

    private static void Drain(Vehicle vehicle, HashSet<int> open, ref bool armed, ref bool flying)
    {
        while (vehicle.TryTakeOutgoing(out _))
        {
        }

        while (vehicle.TryTakeFact(out var fact))
        {
            switch (fact)
            {
                case VehicleFact.Armed:
                    armed = Turn(armed, to: true);
                    break;
                case VehicleFact.Disarmed:
                    armed = Turn(armed, to: false);
                    break;
                case VehicleFact.TookOff:
                    flying = Turn(flying, to: true);
                    break;
                case VehicleFact.Landed:
                    flying = Turn(flying, to: false);
                    break;
                case VehicleFact.CommandConcluded concluded:
                    End(open, concluded.Ticket);
                    break;
                case VehicleFact.PlanTransferConcluded concluded:
                    End(open, concluded.Ticket);
                    break;
                case VehicleFact.ParametersRead read:
                    End(open, read.Ticket);
                    break;
                case VehicleFact.ParameterSet set:
                    End(open, set.Ticket);
                    break;
            }
        }
    }

    private static bool Turn(bool was, bool to) =>
        was != to ? to : throw new InvalidOperationException("Armed, disarmed, took off and landed do not alternate.");

    private static void End(HashSet<int> open, int ticket)
    {
        if (!open.Remove(ticket))
            throw new InvalidOperationException($"Ticket {ticket} ended twice, or was never given.");
    }
}

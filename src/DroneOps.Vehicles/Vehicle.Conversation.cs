using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <content>The protocols that ask and answer.</content>
public sealed partial class Vehicle
{
    private const string NotYet = "this build only listens";

    private int _lastTicket;

    /// <summary>Begins a command. It ends in exactly one <see cref="VehicleFact.CommandConcluded"/> with this ticket.</summary>
    /// <returns>The ticket, above 0.</returns>
    public int Begin(VehicleCommand command, DateTimeOffset now)
    {
        Advance(now);
        Tell(new VehicleFact.CommandConcluded(_now, ++_lastTicket, command, new CommandOutcome.NotSent(NotSentReason.NotSupported, NotYet)));
        return _lastTicket;
    }

    /// <summary>Begins an upload. Item numbers are set here, and home is added where the autopilot has it as item 0; an empty list clears
    /// the plan. It ends in exactly one <see cref="VehicleFact.PlanTransferConcluded"/> with this ticket.</summary>
    /// <returns>The ticket, above 0.</returns>
    public int BeginUpload(PlanKind kind, IReadOnlyList<MissionItemInt> items, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(items);
        return BeginDownload(kind, now);
    }

    /// <summary>Begins a download. It ends in exactly one <see cref="VehicleFact.PlanTransferConcluded"/> with this ticket.</summary>
    /// <returns>The ticket, above 0.</returns>
    public int BeginDownload(PlanKind kind, DateTimeOffset now)
    {
        Advance(now);
        Tell(new VehicleFact.PlanTransferConcluded(_now, ++_lastTicket, kind, new PlanTransferResult.NotStarted(NotSentReason.NotSupported, NotYet)));
        return _lastTicket;
    }

    /// <summary>Reads parameters by name. It ends in exactly one <see cref="VehicleFact.ParametersRead"/> with this ticket.</summary>
    /// <returns>The ticket, above 0.</returns>
    public int BeginReadParameters(IReadOnlyList<string> names, DateTimeOffset now)
    {
        Advance(now);
        Tell(new VehicleFact.ParametersRead(_now, ++_lastTicket, names.Distinct(StringComparer.Ordinal).ToDictionary(n => n, _ => (ParameterValue?)null, StringComparer.Ordinal)));
        return _lastTicket;
    }

    /// <summary>Ends a plan transfer that waits or is in work.</summary>
    public void CancelTransfer(int ticket, DateTimeOffset now)
    {
        _ = ticket;
        Advance(now);
    }

    /// <summary>To be called when a message that was taken could not be sent after all (no link, queue full, too late).</summary>
    public void NotSent(in Outgoing outgoing, NotSentReason reason, DateTimeOffset now)
    {
        _ = outgoing;
        _ = reason;
        Advance(now);
    }

    /// <summary>To be called when the vehicle is heard on another link than before: the hardware behind its system id is asked for again.</summary>
    public void LinkAdded(DateTimeOffset now) => Advance(now);

    private void Converse(in MavlinkFrame frame, DateTimeOffset at)
    {
        _ = frame;
        Advance(at);
    }
}

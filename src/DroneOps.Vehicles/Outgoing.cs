using DroneOps.Mavlink;

namespace DroneOps.Vehicles;

/// <summary>A message that the vehicle's owner is to send.</summary>
/// <param name="Message">What to send, addressed to the vehicle.</param>
/// <param name="NotAfter">The moment from which it must not be sent any more (a command that arrives late is worse than
/// one that does not arrive); null where it does not matter.</param>
/// <param name="SendId">Names this sending for <see cref="Vehicle.NotSent"/>; 0 where nobody waits for it.</param>
/// <param name="ByAllWays">Send it by every open way to the vehicle, because it may arrive twice and must arrive: the way in use has
/// not answered the first try of a safe stop. Where several took it, <see cref="Vehicle.SentCopies"/> wants to know.</param>
public readonly record struct Outgoing(OutgoingMessage Message, DateTimeOffset? NotAfter, int SendId, bool ByAllWays);

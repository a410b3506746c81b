namespace DroneOps.Server.Fleet;

/// <summary>The rules of the control lease: one pilot commands, others watch; it is offered and accepted, it lapses unless renewed, and its
/// end never changes the flight. Pure: the grain keeps the lease and asks here.</summary>
internal static class ControlDesk
{
    /// <summary>Takes or renews the lease.</summary>
    /// <returns>The new lease, or null while somebody else holds it.</returns>
    public static ControlLease? Take(ControlLease? present, string actor, DateTimeOffset now, TimeSpan length) =>
        present is null || present.ExpiresAt <= now || present.Holder == actor ? new(actor, now + length, null) : null;

    /// <summary>Offers the lease to somebody.</summary>
    /// <returns>The lease with the offer in it, or null when the actor does not hold it.</returns>
    public static ControlLease? Offer(ControlLease? present, string actor, string to, DateTimeOffset now) =>
        present is { } lease && lease.Holder == actor && lease.ExpiresAt > now ? lease with { OfferedTo = to } : null;

    /// <summary>Accepts an offer.</summary>
    /// <returns>The actor's lease, or null when nothing was offered to him.</returns>
    public static ControlLease? Accept(ControlLease? present, string actor, DateTimeOffset now, TimeSpan length) =>
        present is { } lease && lease.OfferedTo == actor && lease.ExpiresAt > now ? new(actor, now + length, null) : null;
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Storage;

/// <summary>Tells failures of the store, which pass and are waited out, from mistakes in the code, which are not.</summary>
internal static class Outage
{
    /// <summary>Whether an exception says that the store cannot be reached, is too slow, has no room, or did not take a change now.</summary>
    /// <remarks>A loop that lives as long as the service (the rota, the flight log, the time axis) catches these, keeps what it knows and tries
    /// again with its next step: drones fly on while a database is away, and the service stays up to command them.</remarks>
    public static bool Is(Exception error) => error switch
    {
        DbUpdateException or DbException or TimeoutException or StoreFullException => true,

        // EF wraps what it gave up on, for instance when a connection could not be had.
        InvalidOperationException { InnerException: { } inner } => Is(inner),
        _ => false,
    };
}

/// <summary>A store has no room: what was to be written is not there, and can be written when there is room again.</summary>
internal class StoreFullException(string message, Exception inner) : IOException(message, inner);

using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Sorties;

/// <summary>A task as a sortie names it.</summary>
/// <param name="Kind">As <see cref="SortieRecord.KindOf(AssignmentKind)"/> writes it.</param>
internal sealed record SortieTask(string Kind, string Id, string Label);

/// <summary>Where tasks of one kind stand. Each slice that gives tasks adds its own, for the flight log is below them and knows none.</summary>
/// <param name="LookUpAsync">The task with an id that a person wrote; null where there is none.</param>
internal sealed record TaskBook(Func<FleetDb, string, CancellationToken, Task<SortieTask?>> LookUpAsync)
{
    /// <summary>The task with an id, in whichever book it stands; null where in none.</summary>
    public static async Task<SortieTask?> FindAsync(IEnumerable<TaskBook> books, FleetDb db, string id, CancellationToken cancellation)
    {
        foreach (var book in books)
        {
            if (await book.LookUpAsync(db, id, cancellation) is { } task)
                return task;
        }

        return null;
    }
}

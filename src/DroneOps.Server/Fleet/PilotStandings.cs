using DroneOps.Server.Api;

namespace DroneOps.Server.Fleet;

/// <summary>What pilots lack to launch, as whoever keeps their licences says it; what nobody has told about is in order. Read with every launch, so it is kept here and
/// not looked up.</summary>
internal sealed class PilotStandings
{
    private volatile Told _told = new(new Dictionary<string, IReadOnlyList<string>>(), [], false);

    /// <summary>Says how everybody stands from now on.</summary>
    /// <param name="lacks">What each pilot lacks, by the actor.</param>
    /// <param name="others">What everybody else lacks.</param>
    /// <param name="refuses">Whether a launch by who lacks something is refused; otherwise it is written down with the launch.</param>
    public void Tell(IReadOnlyDictionary<string, IReadOnlyList<string>> lacks, IReadOnlyList<string> others, bool refuses) => _told = new(lacks, others, refuses);

    /// <summary>What a person lacks; nothing of a machine, whose flights are its task's.</summary>
    public IReadOnlyList<string> LacksOf(string actor) => Actors.IsPerson(actor) ? _told.Lacks.GetValueOrDefault(actor, _told.Others) : [];

    /// <summary>Whether they are reason enough to refuse.</summary>
    public bool Refuses => _told.Refuses;

    private sealed record Told(IReadOnlyDictionary<string, IReadOnlyList<string>> Lacks, IReadOnlyList<string> Others, bool Refuses);
}

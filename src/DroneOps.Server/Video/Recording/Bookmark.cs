namespace DroneOps.Server.Video.Recording;

/// <summary>A moment of a recording that somebody has marked.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">The moment.</param>
/// <param name="Text">What for.</param>
/// <param name="By">Who.</param>
internal sealed record Bookmark(Guid Id, DateTimeOffset At, string Text, string By);

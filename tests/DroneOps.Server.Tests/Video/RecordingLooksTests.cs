using DroneOps.Server.Audit;
using DroneOps.Server.Tests.Audit;
using DroneOps.Server.Video.Recording;

namespace DroneOps.Server.Tests.Video;

/// <summary>Looks at recordings: entered once while they go on, and never served without their entry.</summary>
public sealed class RecordingLooksTests
{
    private static readonly AuditEntry Look = new("user:auditor", "video.thumbnailViewed", "recording/1", new { });

    [Fact]
    public async Task A_look_that_could_not_be_entered_has_not_begun_and_the_next_one_is_entered()
    {
        await using AuditTrail trail = new();
        var isFull = true;
        await using var audit = trail.Open((file, lines) =>
        {
            if (isFull)
                throw new IOException("No space left on device", 28);
            file.Write(lines);
        });
        RecordingLooks looks = new(audit, trail.Time);
        await Assert.ThrowsAsync<AuditFullException>(() => looks.EnterListedAsync("1", Look, TestContext.Current.CancellationToken));
        isFull = false;
        await looks.EnterListedAsync("1", Look, TestContext.Current.CancellationToken);
        Assert.Equal(1, audit.Count);

        trail.Time.Advance(TimeSpan.FromMinutes(9));
        await looks.EnterListedAsync("1", Look, TestContext.Current.CancellationToken);
        Assert.Equal(1, audit.Count);
        trail.Time.Advance(TimeSpan.FromMinutes(11));
        await looks.EnterListedAsync("1", Look, TestContext.Current.CancellationToken);
        Assert.Equal(2, audit.Count);
    }
}

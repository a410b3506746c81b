using DroneOps.Server.Feed;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Feed;

/// <summary>The ring of events, and where it ends.</summary>
public sealed class FeedLogTests
{
    private readonly FeedLog _log = new(new FakeTimeProvider(TestServer.Begin));

    [Fact]
    public void The_oldest_event_that_is_kept_follows_and_after_it_each_in_its_turn()
    {
        var start = _log.LastId;
        Add(FeedLog.Length);

        for (var id = start; id < start + FeedLog.Length; id++)
        {
            Assert.True(_log.TryAfter(id, out var next));
            Assert.Equal(id + 1, next?.Id);
        }

        Assert.True(_log.TryAfter(_log.LastId, out var none));
        Assert.Null(none);
    }

    [Fact]
    public void An_event_whose_place_a_newer_one_has_taken_is_not_here_any_more_and_the_newer_one_does_not_stand_for_it()
    {
        var start = _log.LastId;
        Add(FeedLog.Length + 1);

        Assert.False(_log.TryAfter(start, out var next));
        Assert.Null(next);
        Assert.True(_log.TryAfter(start + 1, out next));
        Assert.Equal(start + 2, next?.Id);
    }

    [Fact]
    public void An_id_that_was_never_given_is_not_here()
    {
        Add(1);
        Assert.False(_log.TryAfter(_log.LastId + 1, out _));
        Assert.False(_log.TryAfter(_log.LastId - 2, out _));
    }

    private void Add(int count)
    {
        for (var i = 0; i < count; i++)
            _log.Add("alert", new { });
    }
}

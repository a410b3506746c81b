using DroneOps.Server.Cluster;

namespace DroneOps.Server.Tests.Cluster;

public sealed class BellTests
{
    private readonly Quiescence _quiescence = new();

    [Fact]
    public async Task Rung_while_the_loop_looks_it_is_answered_once_more_and_not_more_often()
    {
        using var bell = new Bell(_quiescence);
        using var ending = new CancellationTokenSource();
        var looks = 0;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answering = bell.AnswerAsync(
            async _ =>
            {
                looks++;
                begun.TrySetResult();
                await gate.Task;
            },
            ending.Token);

        bell.Ring();
        await begun.Task;
        bell.Ring();
        bell.Ring();
        bell.Ring();
        gate.SetResult();
        await _quiescence.WhenIdleAsync();

        Assert.Equal(2, looks);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
    }

    [Fact]
    public void What_nobody_answers_any_more_is_no_work_in_hand()
    {
        var bell = new Bell(_quiescence);
        bell.Ring();
        Assert.Equal(1, _quiescence.InHand);

        bell.Dispose();
        bell.Ring();

        Assert.Equal(0, _quiescence.InHand);
    }
}

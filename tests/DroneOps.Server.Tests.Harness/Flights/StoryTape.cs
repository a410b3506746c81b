using DroneOps.Links.FlightLog;

namespace DroneOps.Server.Tests.Harness.Flights;

/// <summary>Records a story as another ground station would: every frame with the stamp of a clock that somebody sets.</summary>
internal sealed class StoryTape(FlightStory story) : IStoryListener, IDisposable
{
    private readonly MemoryStream _bytes = new();
    private TlogWriter? _writer;

    /// <summary>The log of a story.</summary>
    public static byte[] Of(FlightStory story)
    {
        using var tape = new StoryTape(story);
        new StoryTeller(story, 1).Tell(tape);
        tape._writer?.Flush();
        return tape._bytes.ToArray();
    }

    public void OnFrame(double at, int link, ReadOnlySpan<byte> frame)
    {
        _writer ??= new TlogWriter(_bytes, new TlogWriterOptions());
        _writer.Append(story.ClockSteps.FindAll(step => step.At <= at).Aggregate(StoryStation.Begin.AddSeconds(at), (stamp, step) => stamp + step.By), sentByUs: false, frame);
    }

    public void OnTick(double at)
    {
    }

    public void OnServiceDown(double at)
    {
    }

    public void OnServiceUp(double at)
    {
    }

    public void Dispose() => _writer?.Dispose();
}

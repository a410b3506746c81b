using System.Text;
using DroneOps.Server.CursorOnTarget;
using FsCheck.Xunit;

namespace DroneOps.Server.Tests.CursorOnTarget;

/// <summary>What comes in over a stream: pings are seen, and nothing else does anything.</summary>
public sealed class CotReaderTests
{
    private const string Ping = "<event version=\"2.0\" uid=\"phone-ping\" type=\"t-x-c-t\"><point/></event>";

    /// <summary>Written by another program: a ping, a position, a chat line, an answer, with and without declarations.</summary>
    [Fact]
    public void A_stream_written_elsewhere_is_cut_into_its_events() =>
        Assert.Equal([CotReceived.Ping, CotReceived.Other, CotReceived.Other, CotReceived.Pong], Read(File.ReadAllBytes(Path.Combine(CotSamples.Folder, "inbound.bin"))));

    [Fact]
    public void Our_own_events_are_read_as_what_they_are() =>
        Assert.Equal(
            [CotReceived.Ping, CotReceived.Pong, CotReceived.Other],
            Read([.. CotTasks.Ping("us", CotSamples.Now).Xml.Span, .. CotTasks.Pong(CotSamples.Now).Xml.Span, .. CotTasks.Delete("it", CotSamples.Now).Xml.Span]));

    [Theory]
    [InlineData("<!DOCTYPE event [<!ENTITY a \"b\">]><event type=\"t-x-c-t\">&a;</event>")]
    [InlineData("<!DOCTYPE event SYSTEM \"file:///etc/passwd\"><event type=\"t-x-c-t\"></event>")]
    [InlineData("<event type=\"t-x-c-t\">&undeclared;</event>")]
    [InlineData("<event><point/></event>")]
    [InlineData("<auth type=\"t-x-c-t\"><event></event>")]
    [InlineData("nothing of the kind</event>")]
    [InlineData("</event>")]
    public void What_is_no_event_is_counted_and_the_next_one_is_read(string text) =>
        Assert.Equal([CotReceived.Malformed, CotReceived.Ping], Read(Encoding.UTF8.GetBytes(text + Ping)));

    [Fact]
    public void An_event_that_is_nested_too_deep_is_none()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 40)) + string.Concat(Enumerable.Repeat("</a>", 40));
        Assert.Equal([CotReceived.Malformed, CotReceived.Ping], Read(Encoding.UTF8.GetBytes($"<event type=\"t-x-c-t\">{deep}</event>{Ping}")));
    }

    [Theory]
    [InlineData(CotReader.LongestEvent)]
    [InlineData(CotReader.LongestEvent + 1)]
    [InlineData(5 * CotReader.LongestEvent)]
    public void Too_long_an_event_is_passed_over_and_the_next_one_is_read(int filling) =>
        Assert.Equal([CotReceived.TooLong, CotReceived.Ping], Read(Encoding.UTF8.GetBytes($"<event type=\"t-x-c-t\">{new string('x', filling)}</event>{Ping}")));

    [Fact]
    public void The_longest_event_is_read()
    {
        var shell = "<event type=\"t-x-c-t\"></event>".Length;
        Assert.Equal([CotReceived.Ping], Read(Encoding.UTF8.GetBytes($"<event type=\"t-x-c-t\">{new string('x', CotReader.LongestEvent - shell)}</event>")));
    }

    [Property(MaxTest = 200)]
    public void However_a_stream_is_cut_into_pieces_it_holds_the_same_events(byte[] noise, byte piece)
    {
        byte[] stream = [.. noise, .. Encoding.UTF8.GetBytes(Ping), .. noise, .. File.ReadAllBytes(Path.Combine(CotSamples.Folder, "inbound.bin"))];
        Assert.Equal(Read(stream), Read(stream, Math.Max((byte)1, piece)));
    }

    private static List<CotReceived> Read(byte[] stream, int piece = int.MaxValue)
    {
        CotReader reader = new();
        List<CotReceived> all = [];
        for (var at = 0; at < stream.Length;)
        {
            var space = reader.GetMemory();
            var count = Math.Min(Math.Min(piece, space.Length), stream.Length - at);
            stream.AsMemory(at, count).CopyTo(space);
            reader.Advance(count);
            at += count;
            while (reader.TryRead(out var received))
                all.Add(received);
        }

        return all;
    }
}

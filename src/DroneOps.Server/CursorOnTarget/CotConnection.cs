using System.Threading.Channels;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>One stream of events to one other side. What waits to be sent holds the newest about each thing, so a slow reader gets fewer
/// positions and never older ones, and nobody waits for it.</summary>
/// <remarks>Owner: <see cref="RunAsync"/>, with a loop that writes, one that reads and one that asks whether the other side is there. It does
/// not own the stream.</remarks>
internal sealed class CotConnection(Stream stream, string uidPrefix, bool isServer, CotFigures figures, TimeProvider time)
{
    /// <summary>Things about which something may wait; beyond it the one that has waited longest is forgotten.</summary>
    public const int MostWaiting = 8192;

    /// <summary>A side that takes nothing for so long is gone, whatever its network says.</summary>
    public static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(30);

    /// <summary>TAK's clients ask after 15 seconds of silence; whoever hears our question does not have to.</summary>
    public static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(15);

    /// <summary>A server that has answered before and then says nothing for three questions is gone.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(50);

    private const int LargestWrite = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, CotEvent> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private long _heardAt;
    private long _sent;

    /// <summary>Events that were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Puts events up for sending; never waits.</summary>
    public void Offer(IReadOnlyList<CotEvent> events)
    {
        if (events.Count == 0)
            return;
        lock (_gate)
        {
            foreach (var next in events)
            {
                if (_waiting.ContainsKey(next.Uid))
                    figures.CountOvertaken();
                else
                    _order.Enqueue(next.Uid);
                _waiting[next.Uid] = next;
                if (_order.Count <= MostWaiting)
                    continue;
                _waiting.Remove(_order.Dequeue());
                figures.CountOvertaken();
            }
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Sends and listens until the stream ends or it is cancelled.</summary>
    /// <returns>Why it ended: closed, broken, hanging, silent or stopped.</returns>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<string>[] loops = [Guarded(AskAsync, ending.Token), Guarded(WriteAsync, ending.Token), Guarded(ReadAsync, ending.Token)];
        var first = await Task.WhenAny(loops);
        await ending.CancelAsync();
        await Task.WhenAll(loops);
        return cancellation.IsCancellationRequested ? "stopped" : await first;
    }

    private static async Task<string> Guarded(Func<CancellationToken, Task<string>> loop, CancellationToken cancellation)
    {
        try
        {
            return await loop(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return "stopped";
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            return "broken";
        }
    }

    private async Task<string> WriteAsync(CancellationToken cancellation)
    {
        using MemoryStream batch = new(LargestWrite);
        while (await _signal.Reader.WaitToReadAsync(cancellation))
        {
            _signal.Reader.TryRead(out _);
            for (var events = Take(batch); events > 0; events = Take(batch))
            {
                using CancellationTokenSource limit = new(WriteLimit, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
                try
                {
                    await stream.WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length), either.Token);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    return "hanging";
                }

                Interlocked.Add(ref _sent, events);
                figures.CountSent(events);
            }
        }

        return "closed";
    }

    /// <summary>Takes what waited longest, as much as goes well into one write.</summary>
    private int Take(MemoryStream batch)
    {
        batch.SetLength(0);
        var events = 0;
        lock (_gate)
        {
            while (batch.Length < LargestWrite && _order.TryDequeue(out var uid))
            {
                _waiting.Remove(uid, out var next);
                batch.Write(next!.Xml.Span);
                events++;
            }
        }

        return events;
    }

    private async Task<string> ReadAsync(CancellationToken cancellation)
    {
        CotReader reader = new();
        while (await stream.ReadAsync(reader.GetMemory(), cancellation) is > 0 and var count)
        {
            reader.Advance(count);
            Interlocked.Exchange(ref _heardAt, time.GetTimestamp());
            while (reader.TryRead(out var received))
            {
                figures.CountReceived(received);
                // However often it asks, one answer waits at a time.
                if (received == CotReceived.Ping)
                    Offer([CotTasks.Pong(time.GetUtcNow())]);
            }
        }

        return "closed";
    }

    private async Task<string> AskAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(PingEvery, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            // Some receivers never say a word; only one that did can fall silent.
            if (isServer && Interlocked.Read(ref _heardAt) is not 0 and var heard && time.GetElapsedTime(heard) > SilenceLimit)
                return "silent";
            Offer([CotTasks.Ping(uidPrefix, time.GetUtcNow())]);
        }

        return "closed";
    }
}

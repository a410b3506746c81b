using System.Diagnostics.CodeAnalysis;
using System.Text;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>A whole status text.</summary>
internal sealed record AssembledText(MavSeverity Severity, string Text, byte ComponentId, DateTimeOffset At);

/// <summary>Puts STATUSTEXT chunks together (STATUSTEXT.id, chunk_seq). Chunks are joined as bytes, because a character may be split
/// between two; a chunk that does not come within a second is shown as "…". At most eight texts are open; the oldest is
/// closed early for a ninth.</summary>
internal sealed class StatusTextAssembler
{
    private const int ChunkLength = 50;
    private const int OpenTexts = 8;
    private const int MostChunks = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly List<OpenText> _open = [];
    private readonly Queue<AssembledText> _done = new();

    public void Add(in Statustext message, byte componentId, DateTimeOffset at)
    {
        if (message.Id == 0)
        {
            _done.Enqueue(new(message.Severity, message.Text, componentId, at));
            return;
        }

        var id = message.Id;
        var text = _open.Find(t => t.ComponentId == componentId && t.Id == id);
        if (message.ChunkSeq >= MostChunks)
            return;
        if (text is not null && text.Chunks[message.ChunkSeq] is { } known)
        {
            if (message.TextBytes.SequenceEqual(known))
                return;
            // The id is in use again before the first text was whole.
            Close(text);
            text = null;
        }

        if (text is null)
        {
            if (_open.Count == OpenTexts)
                Close(_open[0]);
            text = new(componentId, id, message.Severity);
            _open.Add(text);
        }

        text.Chunks[message.ChunkSeq] = message.TextBytes.ToArray();
        text.At = at;
        if (text.IsWhole)
            Close(text);
    }

    /// <summary>Closes what has waited too long.</summary>
    public void Tick(DateTimeOffset now)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (now - _open[i].At >= Patience)
                Close(_open[i]);
        }
    }

    public bool TryTake([NotNullWhen(true)] out AssembledText? text) => _done.TryDequeue(out text);

    private void Close(OpenText text)
    {
        _open.Remove(text);
        _done.Enqueue(new(text.Severity, text.Join(), text.ComponentId, text.At));
    }

    private sealed class OpenText(byte componentId, ushort id, MavSeverity severity)
    {
        public byte ComponentId { get; } = componentId;

        public ushort Id { get; } = id;

        public MavSeverity Severity { get; } = severity;

        public byte[]?[] Chunks { get; } = new byte[]?[MostChunks];

        public DateTimeOffset At { get; set; }

        /// <summary>Whole once a chunk with an end in it is there and none before it is missing.</summary>
        public bool IsWhole
        {
            get
            {
                foreach (var chunk in Chunks)
                {
                    if (chunk is null)
                        return false;
                    if (chunk.AsSpan().Contains((byte)0))
                        return true;
                }

                return true;
            }
        }

        public string Join()
        {
            var bytes = new List<byte>(MostChunks * ChunkLength);
            var last = Array.FindLastIndex(Chunks, c => c is not null);
            for (var i = 0; i <= last; i++)
            {
                if (Chunks[i] is not { } chunk)
                {
                    bytes.AddRange("…"u8);
                    continue;
                }

                var end = Array.IndexOf(chunk, (byte)0);
                bytes.AddRange(end < 0 ? chunk : chunk[..end]);
            }

            if (last >= 0 && !Chunks[last].AsSpan().Contains((byte)0) && last + 1 < MostChunks)
                bytes.AddRange("…"u8);
            return Encoding.UTF8.GetString([.. bytes]);
        }
    }
}

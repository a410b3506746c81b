using DroneOps.Server.Audit;

namespace DroneOps.Fuzz;

/// <summary>An audit file that somebody has worked on. What is accepted must be a chain.</summary>
internal sealed class AuditTarget : IFuzzTarget
{
    public string Name => "audit";

    public void Run(ReadOnlySpan<byte> input)
    {
        using var stream = new MemoryStream(input.ToArray());
        var lines = new LineReader(stream);
        long total = 0;
        while (lines.TryRead(out var line, out var offset, out var isWhole))
        {
            if (offset != total)
                throw new InvalidOperationException("Lines follow each other without a gap.");
            total += line.Length + (isWhole ? 1 : 0);
            if (AuditFormat.TryReadLine(line.Span, out var record, out var entry) && (record.Hash.Length != AuditFormat.HashBytes * 2 || entry.Length != line.Length - AuditFormat.PrefixBytes))
                throw new InvalidOperationException("A record has a whole hash and all of its entry.");
        }

        if (total != input.Length)
            throw new InvalidOperationException("Every byte belongs to a line.");
    }
}

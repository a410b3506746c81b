namespace DroneOps.Server.Evidence;

/// <summary>An answer as an archive may write it: the archive ends its parts synchronously, and an answer takes asynchronous writes only. What comes so, a few
/// bytes for each part, waits for the next asynchronous write. Owner: one export.</summary>
internal sealed class AnswerStream(Stream answer) : Stream
{
    private readonly MemoryStream _waiting = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => _waiting.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _waiting.Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await PassOnAsync(cancellationToken);
        await answer.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush()
    {
        // Nothing goes out synchronously.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => PassOnAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task PassOnAsync(CancellationToken cancellation)
    {
        if (_waiting.Length == 0)
            return;
        await answer.WriteAsync(_waiting.GetBuffer().AsMemory(0, (int)_waiting.Length), cancellation);
        _waiting.SetLength(0);
    }
}

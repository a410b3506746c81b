using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace DroneOps.Server.Video.Recording;

/// <summary>Reads a <see cref="RecordingCut"/> as if it were a file: anywhere, in any order. Owner: one reader.</summary>
internal sealed class CutStream(RecordingCut cut) : Stream
{
    private SafeFileHandle? _file;
    private string? _path;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => cut.Length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _position >= cut.Length)
            return 0;
        var count = _position < cut.Head.Length ? ReadHead(buffer) : ReadPiece(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // Local files that the system reads ahead: a thread for each read would cost more than the wait.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => cut.Length + offset,
    };

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file?.Dispose();
        base.Dispose(disposing);
    }

    private int ReadHead(Span<byte> buffer)
    {
        var left = cut.Head.AsSpan((int)_position);
        var count = Math.Min(left.Length, buffer.Length);
        left[..count].CopyTo(buffer);
        return count;
    }

    private int ReadPiece(Span<byte> buffer)
    {
        var piece = PieceAt(_position);
        var inside = _position - piece.At;
        var to = buffer[..(int)Math.Min(buffer.Length, piece.Length - inside)];
        if (_path != piece.File)
        {
            _file?.Dispose();
            _file = File.OpenHandle(piece.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            _path = piece.File;
        }

        var count = RandomAccess.Read(_file!, to, piece.Offset + inside);
        if (count == 0)
            throw new EndOfStreamException($"{Path.GetFileName(piece.File)} is shorter than it was.");
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(number, piece.Sequence);
        Patch(to[..count], inside, piece.SequenceAt, number[..4]);
        BinaryPrimitives.WriteInt64BigEndian(number, piece.BaseTime);
        Patch(to[..count], inside, piece.BaseTimeAt, number);
        if (piece.ReferenceTimeAt > 0)
            Patch(to[..count], inside, piece.ReferenceTimeAt, number);
        return count;
    }

    /// <summary>Puts a number where it is due, as far as that place is in what was read.</summary>
    private static void Patch(Span<byte> read, long readAt, long at, ReadOnlySpan<byte> number)
    {
        for (var i = 0; i < number.Length; i++)
        {
            if (at + i - readAt is >= 0 and var place && place < read.Length)
                read[(int)place] = number[i];
        }
    }

    private CutPiece PieceAt(long position)
    {
        var (low, high) = (0, cut.Pieces.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (cut.Pieces[middle].At <= position)
                low = middle;
            else
                high = middle - 1;
        }

        return cut.Pieces[low];
    }
}

using System.Buffers.Binary;

namespace DroneOps.Media.Mp4;

/// <summary>Finds out what is in a fragmented MP4 file with one track of pictures, and where its last complete fragment ends: what a crash left
/// behind it is not part of the file. Takes the bytes as they come; owner: whoever reads the file.</summary>
/// <remarks>Never throws for what it is given. What is not such a file, or is broken within, is said in <see cref="Problem"/>; the fragments before
/// that place stand. A cut-off end is no problem.</remarks>
public sealed partial class FragmentIndex
{
    /// <summary>The largest header that is looked at (that of a fragment with 100,000 pictures).</summary>
    private const int MostHeaderBytes = 2 * 1024 * 1024;

    /// <summary>Pictures of a fragment, and of a file (ten hours at 60 a second).</summary>
    private const int MostSamples = 100_000;
    private const int MostSamplesInFile = 2_200_000;

    private const int ShortHeader = 8;
    private const int LongHeader = 16;

    private readonly List<Mp4Fragment> _fragments = [];
    private byte[] _kept = new byte[1024];
    private int _keptCount;
    private long _boxStart;
    private long _boxEnd;
    private bool _isKeeping;
    private bool _isInBox;
    private uint _boxType;
    private int _boxHeader;
    private int _samples;

    /// <summary>Bytes taken in or skipped.</summary>
    public long Position { get; private set; }

    /// <summary>The length of the initialization segment; 0 until it is complete.</summary>
    public long InitializationLength { get; private set; }

    /// <summary>Ticks in a second of the file.</summary>
    public uint Timescale { get; private set; }

    /// <summary>The coding of the pictures.</summary>
    public VideoCodec Codec { get; private set; }

    /// <summary>The width that the sample entry states.</summary>
    public int Width { get; private set; }

    /// <summary>The height that the sample entry states.</summary>
    public int Height { get; private set; }

    /// <summary>The decoder configuration record (avcC or hvcC).</summary>
    public ReadOnlyMemory<byte> Configuration { get; private set; }

    /// <summary>The complete fragments, in order.</summary>
    public IReadOnlyList<Mp4Fragment> Fragments => _fragments;

    /// <summary>Where the last complete fragment ends, or the initialization segment where there is none; 0 when that is not complete either.</summary>
    public long CompleteLength { get; private set; }

    /// <summary>What is wrong, where something is: from there on nothing is read.</summary>
    public string? Problem { get; private set; }

    /// <summary>How many of the bytes to come need not be read: the caller may <see cref="Skip"/> them. They are those of the pictures.</summary>
    public long Skippable => Problem is null && _isInBox && !_isKeeping ? _boxEnd - Position : 0;

    /// <summary>Takes in the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (Problem is not null)
            {
                Position += bytes.Length;
                return;
            }

            var want = !_isInBox ? (_keptCount < ShortHeader ? ShortHeader : LongHeader) - _keptCount : _boxEnd - Position;
            var count = (int)Math.Min(want, bytes.Length);
            if (!_isInBox || _isKeeping)
                Keep(bytes[..count]);
            Position += count;
            bytes = bytes[count..];
            if (!_isInBox)
                TryBegin();
            if (_isInBox && Position == _boxEnd)
                End();
        }
    }

    /// <summary>Passes over bytes that are not needed, without their being read.</summary>
    public void Skip(long count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Skippable);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Position += count;
        if (_isInBox && Position == _boxEnd)
            End();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_kept.Length < _keptCount + bytes.Length)
            Array.Resize(ref _kept, Math.Max(_kept.Length * 2, _keptCount + bytes.Length));
        bytes.CopyTo(_kept.AsSpan(_keptCount));
        _keptCount += bytes.Length;
    }

    /// <summary>Begins a box when its header is here.</summary>
    private void TryBegin()
    {
        if (_keptCount < ShortHeader)
            return;
        long size = BinaryPrimitives.ReadUInt32BigEndian(_kept);
        _boxType = BinaryPrimitives.ReadUInt32BigEndian(_kept.AsSpan(4));
        _boxHeader = size == 1 ? LongHeader : ShortHeader;
        if (_keptCount < _boxHeader)
            return;
        if (_boxHeader == LongHeader)
            size = BinaryPrimitives.ReadInt64BigEndian(_kept.AsSpan(ShortHeader));
        _boxStart = Position - _boxHeader;
        if (_boxStart == 0 && _boxType is not 0x66747970 and not 0x73747970)
        {
            Problem = "It does not begin as an MP4 file does.";
            return;
        }

        if (size < _boxHeader || size > long.MaxValue - _boxStart)
        {
            Problem = $"The box at byte {_boxStart} has no length that can be.";
            return;
        }

        _isKeeping = _boxType is BoxTypes.Moov or BoxTypes.Moof or BoxTypes.Prft;
        if (_isKeeping && size > MostHeaderBytes)
        {
            Problem = $"The header at byte {_boxStart} is too large.";
            return;
        }

        _isInBox = true;
        _boxEnd = _boxStart + size;
        _keptCount = 0;
    }

    private void End()
    {
        _isInBox = false;
        ReadOnlySpan<byte> payload = _isKeeping ? _kept.AsSpan(0, _keptCount) : [];
        _keptCount = 0;
        switch (_boxType)
        {
            case BoxTypes.Moov:
                OnMovie(payload);
                break;
            case BoxTypes.Prft:
                OnReferenceTime(payload);
                break;
            case BoxTypes.Moof:
                OnFragmentHeader(payload);
                break;
            case BoxTypes.Mdat:
                OnData();
                break;
            default:
                // Others may come and go: styp, sidx, emsg, free.
                break;
        }
    }
}

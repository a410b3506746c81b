using System.Buffers;

namespace DroneOps.Media.Mp4;

/// <summary>Writes pictures as fragments of one MP4 file: each fragment is a wall-clock time (<c>prft</c>), a header (<c>moof</c>) and the bytes
/// of its pictures (<c>mdat</c>). A live page gets a fragment for each picture, a recording one for each part. Owner: one loop.</summary>
/// <remarks>
/// <para>The first picture is decoded at time 0 of the file, whatever the source's clock says. In streams with reordering it is shown a little later:
/// signed offsets could put that to 0 as well, but then ffmpeg moves all times of a file once it meets the first negative one.</para>
/// <para>How long a picture is shown is known when the next one is here. The last one of a fragment gets the time to the picture that the caller
/// names as next; without one, which is how live pages get each picture at once, it gets the last known duration, and the next fragment's own
/// base time puts right what that guess was off by.</para>
/// <para>Nothing is allocated for a picture: those that wait are shares, kept in one array.</para>
/// </remarks>
public sealed class FragmentMuxer : IDisposable
{
    /// <summary>Pictures that a fragment holds at most.</summary>
    public const int MostPictures = 1024;

    /// <summary>Bytes of pictures that a fragment holds at most.</summary>
    public const long MostBytes = 1L << 30;

    private const int ReferenceTimeLength = 32;
    private const int HeaderLength = 8 + 16 + 8 + 16 + 20 + 20;
    private const int SampleLength = 16;
    private const int DataHeaderLength = 8;

    /// <summary>What a first picture alone is shown for: one of 25 a second.</summary>
    private const long UsualDuration = Picture.Clock / 25;

    /// <summary>A sample that depends on none (key), and one that does and is no place to begin (8.8.3.1).</summary>
    private const uint KeyFlags = 0x0200_0000;
    private const uint OtherFlags = 0x0101_0000;

    /// <summary>What <c>prft</c> says its wall clock is of (8.16.5): the capture, or the output of the encoder, as near as arrival here is to that.</summary>
    private const uint CapturedFlags = 24;
    private const uint ArrivedFlags = 1;

    private readonly Picture[] _pictures = new Picture[MostPictures];
    private long? _base;
    private long _duration = UsualDuration;
    private uint _sequence;

    /// <summary>Pictures that wait for <see cref="Flush"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>The decoding time of the first one that waits, on the source's clock.</summary>
    public long FirstDts => Count == 0 ? throw new InvalidOperationException("No picture waits.") : _pictures[0].Dts;

    /// <summary>Time in the file, by decoding order, up to the end of what was flushed; ticks of <see cref="Picture.Clock"/>.</summary>
    public long Length { get; private set; }

    /// <summary>Takes a share of a picture for the fragment to come.</summary>
    /// <exception cref="InvalidOperationException">There are <see cref="MostPictures"/> or <see cref="MostBytes"/> already.</exception>
    public void Add(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (Count == MostPictures || Bytes + picture.Data.Length > MostBytes)
            throw new InvalidOperationException($"A fragment holds at most {MostPictures} pictures with {MostBytes} bytes.");
        _base ??= picture.Dts;
        _pictures[Count++] = picture.Share();
        Bytes += picture.Data.Length;
    }

    /// <summary>Writes the pictures that wait as one fragment; without any, nothing.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="nextDts">The decoding time of the picture after them, where it is here already and the times compare.</param>
    public void Flush(IBufferWriter<byte> to, long? nextDts)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (Count == 0)
            return;
        var pictures = _pictures.AsSpan(0, Count);
        var headers = ReferenceTimeLength + HeaderLength + (SampleLength * Count) + DataHeaderLength;
        BoxWriter box = new(to.GetSpan(headers));
        var start = (ulong)Math.Max(0, pictures[0].Dts - _base!.Value);
        ReferenceTime(ref box, pictures[0], start);

        var moof = box.Begin("moof"u8);
        var mfhd = box.Begin("mfhd"u8, 0, 0);
        box.U32(++_sequence);
        box.End(mfhd);
        var traf = box.Begin("traf"u8);

        // default-base-is-moof: byte stream players (MSE) take no other base.
        var tfhd = box.Begin("tfhd"u8, 0, 0x02_0000);
        box.U32(InitializationSegment.Track);
        box.End(tfhd);
        var tfdt = box.Begin("tfdt"u8, 1, 0);
        box.U64(start);
        box.End(tfdt);

        // Each sample with its duration, size, flags and signed offset.
        var trun = box.Begin("trun"u8, 1, 0xF01);
        box.U32((uint)Count);
        box.U32((uint)(headers - ReferenceTimeLength));
        var end = start;
        for (var index = 0; index < pictures.Length; index++)
        {
            var picture = pictures[index];
            if ((index + 1 < pictures.Length ? pictures[index + 1].Dts : nextDts) - picture.Dts is { } duration and >= 0 and <= uint.MaxValue)
                _duration = duration;
            box.U32((uint)_duration);
            box.U32((uint)picture.Data.Length);
            box.U32(picture.IsKey ? KeyFlags : OtherFlags);
            box.U32((uint)(int)(picture.Pts - picture.Dts));
            end += (ulong)_duration;
        }

        box.End(trun);
        box.End(traf);
        box.End(moof);
        box.U32((uint)(DataHeaderLength + Bytes));
        box.Bytes("mdat"u8);
        to.Advance(box.Position);
        foreach (var picture in pictures)
            to.Write(picture.Data.Span);
        Length = (long)end;
        Drop();
    }

    /// <summary>Gives back the pictures that wait.</summary>
    public void Dispose() => Drop();

    /// <summary>When the first picture was, in the file itself: the proof of the time does not hang on a database.</summary>
    private static void ReferenceTime(ref BoxWriter box, Picture first, ulong mediaTime)
    {
        var prft = box.Begin("prft"u8, 1, first.CapturedAt is null ? ArrivedFlags : CapturedFlags);
        box.U32(InitializationSegment.Track);
        box.U64(NtpTime.Of(first.CapturedAt ?? first.ReceivedAt));
        box.U64(mediaTime);
        box.End(prft);
    }

    private void Drop()
    {
        for (var index = 0; index < Count; index++)
        {
            _pictures[index].Dispose();
            _pictures[index] = null!;
        }

        Count = 0;
        Bytes = 0;
    }
}

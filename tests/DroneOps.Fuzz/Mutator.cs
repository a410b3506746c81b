namespace DroneOps.Fuzz;

/// <summary>Makes new inputs out of a corpus, repeatable from its seed. It has no view of the code's coverage; what
/// it does instead is to keep the structure of real inputs: a few small changes on a real frame or file reach
/// further into a parser than noise does.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, int seed)
{
    private const int MaxLength = 64 * 1024;

    // Boundary values of the integers that headers and lengths are made of.
    private static readonly byte[] Boundaries = [0x00, 0x01, 0x7f, 0x80, 0xfd, 0xfe, 0xff];

    private readonly Random _random = new(seed);

    /// <summary>The next input: one of the corpus with one to eight changes.</summary>
    public byte[] Next()
    {
        List<byte> bytes = [.. Pick()];
        for (int changes = _random.Next(1, 9); changes > 0; changes--)
            Change(bytes);
        if (bytes.Count > MaxLength)
            bytes.RemoveRange(MaxLength, bytes.Count - MaxLength);
        return [.. bytes];
    }

    private byte[] Pick() => corpus[_random.Next(corpus.Count)];

    private void Change(List<byte> bytes)
    {
        switch (_random.Next(8))
        {
            case 0 when bytes.Count > 0:
                bytes[_random.Next(bytes.Count)] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[_random.Next(bytes.Count)] = Boundaries[_random.Next(Boundaries.Length)];
                break;
            case 2 when bytes.Count > 0:
                bytes[_random.Next(bytes.Count)] = (byte)_random.Next(256);
                break;
            case 3:
                Insert(bytes, Noise(_random.Next(1, 17)));
                break;
            case 4 when bytes.Count > 1:
                (int start, int length) = Piece(bytes.Count);
                bytes.RemoveRange(start, length);
                break;
            case 5 when bytes.Count > 1:
                (start, length) = Piece(bytes.Count);
                Insert(bytes, bytes.GetRange(start, length));
                break;
            case 6:
                byte[] other = Pick();
                if (other.Length > 1)
                {
                    (start, length) = Piece(other.Length);
                    Insert(bytes, other.AsSpan(start, length).ToArray());
                }

                break;
            case 7 when bytes.Count > 0:
                int kept = _random.Next(bytes.Count);
                bytes.RemoveRange(kept, bytes.Count - kept);
                break;
            default:
                bytes.Add((byte)_random.Next(256));
                break;
        }
    }

    private (int Start, int Length) Piece(int count)
    {
        int length = _random.Next(1, Math.Min(count, 256) + 1);
        return (_random.Next(count - length + 1), length);
    }

    private void Insert(List<byte> bytes, IEnumerable<byte> piece) => bytes.InsertRange(_random.Next(bytes.Count + 1), piece);

    private byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        _random.NextBytes(noise);
        return noise;
    }
}

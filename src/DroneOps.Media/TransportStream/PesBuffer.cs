namespace DroneOps.Media.TransportStream;

/// <summary>One PES packet while its pieces come.</summary>
internal sealed class PesBuffer(int longest)
{
    private byte[] _bytes = new byte[Math.Min(longest, 16 * 1024)];

    public bool IsOpen { get; private set; }

    public int Length { get; private set; }

    /// <summary>How many bytes came before the first gap; all of them when there is none.</summary>
    public int Intact { get; private set; }

    public bool IsTooLong { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public bool IsDamaged => Intact < Length || IsTooLong || _hasGap;

    /// <summary>Whether as much has come as the header states.</summary>
    public bool IsComplete => PesHeader.PacketLength(Bytes) is > 0 and var length && Length >= length;

    private bool _hasGap;

    public void Open() => (IsOpen, Length, Intact, IsTooLong, _hasGap) = (true, 0, 0, false, false);

    public void Close() => IsOpen = false;

    /// <summary>Says that something is missing from here on.</summary>
    public void Break() => _hasGap = true;

    public void Append(ReadOnlySpan<byte> piece)
    {
        var wanted = Length + piece.Length;
        if (wanted > longest)
        {
            IsTooLong = true;
            _hasGap = true;
            return;
        }

        if (wanted > _bytes.Length)
            Array.Resize(ref _bytes, Math.Min(longest, Math.Max(wanted, 2 * _bytes.Length)));
        piece.CopyTo(_bytes.AsSpan(Length));
        Length = wanted;
        if (!_hasGap)
            Intact = Length;
    }
}

namespace DroneOps.Simulator.Camera;

/// <summary>One picture as encoders take it: planes of brightness and, half as wide and high, of both colour differences (4:2:0).</summary>
internal sealed class YuvPicture
{
    private readonly byte[] _data;

    /// <param name="width">Pixels, even.</param>
    /// <param name="height">Pixels, even.</param>
    public YuvPicture(int width, int height)
    {
        Width = width;
        Height = height;
        _data = new byte[width * height * 3 / 2];
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>All planes, one after the other.</summary>
    public ReadOnlyMemory<byte> Data => _data;

    public Span<byte> Luma => _data.AsSpan(0, Width * Height);

    public Span<byte> Blue => _data.AsSpan(Width * Height, Width * Height / 4);

    public Span<byte> Red => _data.AsSpan(Width * Height * 5 / 4);

    public Span<byte> LumaRow(int row) => _data.AsSpan(row * Width, Width);

    public Span<byte> BlueRow(int row) => Blue.Slice(row * Width / 2, Width / 2);

    public Span<byte> RedRow(int row) => Red.Slice(row * Width / 2, Width / 2);

    public void Fill(Tint tint)
    {
        Luma.Fill(tint.Y);
        Blue.Fill(tint.U);
        Red.Fill(tint.V);
    }

    /// <summary>A rectangle; its edges are brought to even pixels.</summary>
    public void Fill(int x, int y, int width, int height, Tint tint)
    {
        var (left, top) = (Math.Clamp(x & ~1, 0, Width), Math.Clamp(y & ~1, 0, Height));
        var (right, bottom) = (Math.Clamp((x + width + 1) & ~1, left, Width), Math.Clamp((y + height + 1) & ~1, top, Height));
        for (var row = top; row < bottom; row++)
            LumaRow(row)[left..right].Fill(tint.Y);
        for (var row = top / 2; row < bottom / 2; row++)
        {
            BlueRow(row)[(left / 2)..(right / 2)].Fill(tint.U);
            RedRow(row)[(left / 2)..(right / 2)].Fill(tint.V);
        }
    }
}

using System.Security.Cryptography;
using DroneOps.Media;

namespace DroneOps.Tests.Media;

/// <summary>A picture as it is compared: everything but the time of its arrival.</summary>
internal sealed record Seen(long Pts, long Dts, bool IsKey, int Size, string Hash)
{
    public bool IsDamaged { get; init; }

    public bool IsDiscontinuous { get; init; }

    /// <summary>Reads a picture and gives its buffer back.</summary>
    public static Seen Of(Picture picture)
    {
        using (picture)
        {
            var data = picture.Data.Span;
            return new(picture.Pts, picture.Dts, picture.IsKey, data.Length, HashOf(data))
            {
                IsDamaged = picture.IsDamaged,
                IsDiscontinuous = picture.IsDiscontinuous,
            };
        }
    }

#pragma warning disable CA5351 // the hash that ffprobe prints
    private static string HashOf(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(MD5.HashData(data));
#pragma warning restore CA5351
}

namespace DroneOps.Media;

/// <summary>What a decoder must know before the first picture. A new instance is made only when the stream changes, so that readers may compare
/// by reference; every <see cref="Picture"/> carries the one that it was coded with.</summary>
/// <param name="Codec">The coding.</param>
/// <param name="Width">Width of the picture as shown (after cropping), pixels.</param>
/// <param name="Height">Height of the picture as shown (after cropping), pixels.</param>
/// <param name="CodecString">The codec as browsers name it (RFC 6381), for example <c>avc1.42C01F</c> or <c>hvc1.1.6.L93.B0</c>.</param>
/// <param name="Configuration">The decoder configuration record with the parameter sets: <c>avcC</c> or <c>hvcC</c> (ISO/IEC 14496-15, 5.3.3 and
/// 8.3.3), lengths of four bytes.</param>
/// <param name="ParameterSets">The parameter sets themselves, without start codes, in the order in which a decoder wants them (VPS, SPS, PPS).</param>
public sealed record VideoFormat(
    VideoCodec Codec, int Width, int Height, string CodecString, ReadOnlyMemory<byte> Configuration, IReadOnlyList<ReadOnlyMemory<byte>> ParameterSets);

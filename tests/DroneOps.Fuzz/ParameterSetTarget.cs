using DroneOps.Media;
using DroneOps.Media.H26x;

namespace DroneOps.Fuzz;

/// <summary>One NAL unit in a stream of its own, and then as a sequence parameter set. The first byte chooses the coding.</summary>
internal sealed class ParameterSetTarget : IFuzzTarget
{
    public string Name => "parameter-sets";

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 4)
            return;
        var codec = (input[0] & 1) == 0 ? VideoCodec.H264 : VideoCodec.H265;
        var nal = input[1..];
        if (SequenceParameters.Read(codec, nal) is { } parameters)
        {
            if (parameters.Width is < 1 or > SequenceParameters.GreatestSide || parameters.Height is < 1 or > SequenceParameters.GreatestSide)
                throw new InvalidOperationException($"{parameters.Width} x {parameters.Height} was taken.");
            var format = DecoderConfiguration.Format(codec, parameters, [], nal.ToArray(), []);
            if (format.Configuration.IsEmpty || format.CodecString.Length is < 5 or > 40)
                throw new InvalidOperationException($"A codec named {format.CodecString}.");
        }

        AccessUnitSplitter splitter = new(codec, picture => picture.Dispose());
        splitter.Push([0, 0, 1, .. nal, 0, 0, 1, .. nal, 0, 0, 1, 0x65, 0x88, 0x84, 0, 0, 1, 0x26, 0x01, 0xAF], 0, default);
        splitter.Flush();
        if (!input[1..].IsEmpty && Rbsp.Unescape(nal, new byte[nal.Length]) > nal.Length)
            throw new InvalidOperationException("More came out than went in.");
    }
}

using System.Globalization;
using FFMpegCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video.Recording;

/// <summary>Paints over parts of the pictures of an MP4 file, by ffmpeg. The rectangles are filled and not blurred: what is blurred can in part be made out again.</summary>
/// <remarks>One copy at a time, by one thread: live pictures go first.</remarks>
internal sealed class PictureMasking(IOptions<VideoOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Writes the copy: pictures only, coded anew as H.264, with nothing of the file's metadata.</summary>
    /// <param name="length">How long the file plays.</param>
    /// <returns>False when ffmpeg makes no copy of it.</returns>
    public async Task<bool> WriteAsync(string from, string to, IReadOnlyList<MaskedRegion> regions, TimeSpan length, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TimeSpan.FromMinutes(1) + (length * 10));
            var made = await FFMpegArguments
                .FromFileInput(from, verifyExists: true, input => input.ForceFormat("mp4").WithCustomArgument("-protocol_whitelist file -threads 1"))
                .OutputToFile(to, overwrite: true, output => output.WithCustomArgument(
                    $"-map 0:v:0 -map_metadata -1 -vf \"{Filter(regions)}\" -c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p -fps_mode passthrough -threads 1 -movflags +faststart").ForceFormat("mp4"))
                .ProcessAsynchronously(throwOnError: false, options.Value.ForLibrary(), limit.Token);
            return made.Success;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static string Filter(IEnumerable<MaskedRegion> regions) => string.Join(',', regions.Select(region => string.Create(
        CultureInfo.InvariantCulture,
        $"drawbox=x=iw*{region.X:0.#####}:y=ih*{region.Y:0.#####}:w=iw*{region.Width:0.#####}:h=ih*{region.Height:0.#####}:color=black:t=fill:enable='between(t,{region.FromS:0.###},{region.ToS:0.###})'")));
}

namespace DroneOps.Server.Video.Recording;

/// <summary>Makes small pictures for lists, each once: of a recording out of a key picture in its middle, and of its stills. They lie in the recording's folder and go with it.</summary>
internal sealed class RecordingThumbnails(StillPictures stills)
{
    private const int Width = 320;

    /// <summary>The picture's file; null while the recording has no closed segment, or when ffmpeg makes no picture of it.</summary>
    public async Task<string?> OfAsync(RecordingFolder folder, CancellationToken cancellation)
    {
        if (File.Exists(folder.ThumbnailFile))
            return folder.ThumbnailFile;
        var segments = folder.Lines.Select(line => line.Segment).OfType<SegmentStatement>().ToList();
        if (segments.Count == 0)
            return null;
        var segment = segments[segments.Count / 2];
        if (RecordingCut.Plan(folder, segment.From, segment.From.AddTicks(1)) is not CutResult.Made { Cut: var cut })
            return null;
        await using CutStream pictures = new(cut);
        return await MakeAsync(pictures, "mp4", folder.ThumbnailFile, cancellation);
    }

    /// <summary>The small copy of a still; null when ffmpeg makes none of it.</summary>
    public async Task<string?> OfStillAsync(RecordingFolder folder, Guid still, CancellationToken cancellation)
    {
        var file = folder.SmallStillFile(still);
        if (File.Exists(file))
            return file;
        await using FileStream whole = new(folder.StillFile(still), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return await MakeAsync(whole, "png_pipe", file, cancellation);
    }

    private async Task<string?> MakeAsync(Stream from, string format, string file, CancellationToken cancellation)
    {
        if (await stills.FromFileAsync(from, format, Width, cancellation) is not { } jpeg)
            return null;

        // Two who ask at once make the same picture; the second only puts it there again.
        var unfinished = $"{file}.{Guid.NewGuid():N}";
        await File.WriteAllBytesAsync(unfinished, jpeg, cancellation);
        File.Move(unfinished, file, overwrite: true);
        return file;
    }
}

namespace DroneOps.Server.Video.Recording;

/// <summary>Makes the small picture of a recording for lists, once, out of a key picture in its middle; it lies in the recording's folder and goes with it.</summary>
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
        if (await stills.FromFileAsync(pictures, "mp4", Width, cancellation) is not { } jpeg)
            return null;

        // Two who ask at once make the same picture; the second only puts it there again.
        var unfinished = folder.FileOf($"thumbnail.{Guid.NewGuid():N}");
        await File.WriteAllBytesAsync(unfinished, jpeg, cancellation);
        File.Move(unfinished, folder.ThumbnailFile, overwrite: true);
        return folder.ThumbnailFile;
    }
}

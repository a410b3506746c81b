using DroneOps.Media;
using DroneOps.Server.Audit;
using DroneOps.Server.Video;
using DroneOps.Server.Video.Recording;
using DroneOps.Tests.Media.Mp4;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Video;

/// <summary>What a recorder makes of a disk that takes no more, of a source whose clock jumps, and of one that changes its pictures.</summary>
public sealed class RecorderTroubleTests : IAsyncLifetime
{
    private const int Rate = 25;
    private static readonly TimeSpan Picture40 = TimeSpan.FromMilliseconds(40);

    private static readonly DateTimeOffset At = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly string _root = Directory.CreateTempSubdirectory("droneops-trouble-").FullName;
    private readonly FakeTimeProvider _time = new(At);
    private readonly LiveStream _stream = new("1-visible");
    private AuditLog _audit = null!;

    private string PathOfRecording => RecorderHost.PathOf(_root);

    public ValueTask InitializeAsync()
    {
        _audit = RecorderHost.OpenAudit(_root);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _audit.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task When_the_room_is_used_up_the_recording_ends_with_what_it_has_and_says_why()
    {
        RecordingOptions options = new() { SegmentS = 2, LeastFreeGB = 0, QuotaGB = 1 };
        DiskRoom room = new(_root, options);
        var (folder, running) = Begin(options, room, onSegment: bytes => room.Add(bytes));
        room.SetUsed(999_999_000);
        Publish(0, 5 * Rate);
        Assert.Equal(GapReason.DiskFull, await running);
        var found = await VerifyAsync();
        Assert.Equal((true, 1), (folder.IsClosed, found.Segments));
        Assert.Equal(GapReason.DiskFull, Assert.Single(Gaps(found)).Reason);
        Assert.Equal(found.Lines[0].Segment!.To, Gaps(found)[0].From);
    }

    [Fact]
    public void Pictures_that_waited_when_the_disk_took_no_more_are_stated_as_missing()
    {
        GapWatch gaps = new(At);
        foreach (var (picture, number) in RecorderHost.Pictures(At).Take(2 * Rate).Select((picture, number) => (picture, number)))
        {
            using (picture)
                gaps.Recorded(picture, At + (number * Picture40), Picture40, dropped: number < Rate ? 0 : 1);
        }

        gaps.CutBack(At + (20 * Picture40));
        gaps.Missing(At + (2 * Rate * Picture40), GapReason.DiskFull);
        gaps.End(At + (2 * Rate * Picture40));
        Assert.Equal(new RecordingGap(At + (20 * Picture40), At + (2 * Rate * Picture40), GapReason.DiskFull), Assert.Single(gaps.Take()));
    }

    [Fact]
    public async Task A_disk_that_is_taken_away_leaves_a_recording_that_is_finished_when_it_is_back()
    {
        DiskRoom room = new(_root, RecorderHost.Options);
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var (folder, running) = Begin(RecorderHost.Options, room, onSegment: _ => closed.TrySetResult());
        Publish(0, (2 * Rate) + 20);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var away = _root + ".away";
        Directory.Move(PathOfRecording, away);
        Publish((2 * Rate) + 20, 4 * Rate);
        Assert.Equal(GapReason.WriteFailed, await running);
        Assert.False(folder.IsClosed);

        Directory.Move(away, PathOfRecording);
        _time.Advance(TimeSpan.FromMinutes(1));
        await RecordingRecovery.FinishAsync(folder, new RecordingBook(_audit), GapReason.WriteFailed, _time, CancellationToken.None);
        var found = await VerifyAsync();
        Assert.True(found.Segments >= 1);
        var gap = Assert.Single(Gaps(found));
        Assert.Equal((GapReason.WriteFailed, _time.GetUtcNow()), (gap.Reason, gap.To));
    }

    [Fact]
    public async Task A_disk_that_refuses_while_the_camera_pauses_ends_the_recording_and_says_so()
    {
        DiskRoom room = new(_root, RecorderHost.Options);
        var (folder, running) = Begin(RecorderHost.Options, room, onSegment: _ => { });

        // A key picture, which begins the file, and a few that wait for the pause.
        Publish(0, 5);
        var file = folder.FileOf(RecordingFolder.FileName(1));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!RefusingFile.Replace(file))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        while (!running.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMilliseconds(RecorderHost.Options.PartMs));
            await Task.Yield();
        }

        Assert.Equal((GapReason.WriteFailed, false, null), (await running, folder.IsClosed, folder.Growing));
        await RecordingRecovery.FinishAsync(folder, new RecordingBook(_audit), GapReason.WriteFailed, _time, CancellationToken.None);
        Assert.Equal(GapReason.WriteFailed, Assert.Single(Gaps(await VerifyAsync())).Reason);
    }

    [Fact]
    public async Task A_segment_that_could_not_be_entered_at_once_is_entered_with_the_gaps_that_it_has()
    {
        var refuse = await RefuseAsync();

        // Once, and once more when what was kept free for the log is given up.
        refuse(2);
        var (_, running) = Begin(RecorderHost.Options, new DiskRoom(_root, RecorderHost.Options), onSegment: _ => { });
        _time.Advance(TimeSpan.FromSeconds(6));
        foreach (var (picture, number) in RecorderHost.Pictures(At).Take(5 * Rate).Select((picture, number) => (picture, number)))
        {
            if (number is >= 10 and < 40)
                picture.Dispose();
            else
                _stream.Publish(picture);
        }

        Assert.Equal(GapReason.WriteFailed, await running);
        Assert.Equal([GapReason.SourceSilent, GapReason.WriteFailed], Gaps(await VerifyAsync()).Select(gap => gap.Reason));
    }

    [Theory]
    [InlineData(60, 90)] // In the second file, which is left open.
    [InlineData(50, 75)] // Before it.
    public async Task What_nobody_closed_states_the_silences_in_it_and_before_it(int from, int to)
    {
        var refuse = await RefuseAsync();

        // The first file is entered. The second is not, nor when it is tried again at the end.
        var (folder, running) = Begin(RecorderHost.Options, new DiskRoom(_root, RecorderHost.Options), onSegment: _ => refuse(4));
        List<Picture> pictures = [.. RecorderHost.Pictures(At).Take(6 * Rate)];
        pictures[..from].ForEach(_stream.Publish);
        await RecorderHost.WrittenAsync(folder, _time, files: (from - 1) / (2 * Rate), (((from - 1) % (2 * Rate)) + 1) * Picture40);
        pictures[from..to].ForEach(picture => picture.Dispose());
        pictures[to..].ForEach(_stream.Publish);
        Assert.Equal((GapReason.WriteFailed, false), (await running, folder.IsClosed));
        refuse(0);
        _time.Advance(TimeSpan.FromSeconds(7));
        await RecordingRecovery.FinishAsync(folder, new RecordingBook(_audit), GapReason.WriteFailed, _time, CancellationToken.None);
        var gaps = Gaps(await VerifyAsync());
        Assert.Equal([GapReason.SourceSilent, GapReason.WriteFailed], gaps.Select(gap => gap.Reason));
        Assert.Equal((At + (from * Picture40), At + (to * Picture40)), (gaps[0].From, gaps[0].To));
    }

    [Fact]
    public async Task A_file_that_cannot_be_made_ends_the_recording_and_everything_before_it_verifies()
    {
        Directory.CreateDirectory(PathOfRecording);
        var (_, running) = Begin(RecorderHost.Options, new DiskRoom(_root, RecorderHost.Options), onSegment: _ => { });
        Directory.CreateDirectory(Path.Combine(PathOfRecording, "0002.mp4"));
        Publish(0, 4 * Rate);
        Assert.Equal(GapReason.WriteFailed, await running);
        Directory.Delete(Path.Combine(PathOfRecording, "0002.mp4"));
        var found = await VerifyAsync();
        Assert.Equal(1, found.Segments);
        Assert.Equal(GapReason.WriteFailed, Assert.Single(Gaps(found)).Reason);
    }

    [Fact]
    public async Task Pictures_of_another_form_begin_a_file_of_their_own()
    {
        var (_, running) = Begin(RecorderHost.Options, new DiskRoom(_root, RecorderHost.Options), onSegment: _ => { });
        Publish(0, Rate);
        var second = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "mp4", "h264-reordered.mp4"));
        var all = Mp4Pictures.Read(second, Picture.Clock + (10 * Picture.Clock / Rate), At.AddSeconds(1.4));
        var pictures = all.Take(Rate).ToList();
        foreach (var later in all.Skip(Rate))
            later.Dispose();

        // The camera has changed in the middle of a group: until the next key picture nothing can be shown.
        _stream.Publish(Copy(pictures[1].Share(), pictures[1].Dts - 20_000));
        foreach (var picture in pictures)
            _stream.Publish(picture);
        await EndAsync(running, pictures.Count + 9);
        var found = await VerifyAsync();
        Assert.Equal(2, found.Segments);
        var gap = Assert.Single(Gaps(found));
        Assert.Equal((GapReason.FormatChanged, found.Lines[1].Segment!.From), (gap.Reason, gap.To));
        Assert.Equal($"h264,{found.Lines[1].Segment!.Width},{found.Lines[1].Segment!.Height},{pictures.Count}", await Camera.ProbeAsync(Path.Combine(PathOfRecording, "0002.mp4")));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(86_400)]
    public async Task A_jump_of_the_sources_clock_costs_no_picture_and_both_files_play_from_zero(int seconds)
    {
        var (_, running) = Begin(RecorderHost.Options, new DiskRoom(_root, RecorderHost.Options), onSegment: _ => { });
        const int jumpAt = Rate;
        foreach (var (picture, number) in RecorderHost.Pictures(At).Take(2 * Rate).Select((picture, number) => (picture, number)))
            _stream.Publish(number < jumpAt ? picture : Copy(picture, picture.Dts + (seconds * Picture.Clock)));
        await EndAsync(running, 2 * Rate);
        var found = await VerifyAsync();
        Assert.Equal(2, found.Segments);
        Assert.Equal(TimeSpan.FromSeconds(2), found.Lines.Select(line => line.Segment).OfType<SegmentStatement>().Aggregate(TimeSpan.Zero, (sum, segment) => sum + (segment.To - segment.From)));
        Assert.Empty(Gaps(found));
        for (var number = 1; number <= 2; number++)
            Assert.Equal($"h264,320,176,{Rate}", await Camera.ProbeAsync(Path.Combine(PathOfRecording, RecordingFolder.FileName(number))));
    }

    [Theory]
    [InlineData(false)] // The link stalled, and gave everything at once.
    [InlineData(true)] // The camera was started anew, and its clock goes on by chance.
    public async Task Pictures_that_come_late_with_unbroken_ticks_go_on_unless_something_broke_before_them(bool isBroken)
    {
        var (_, running) = Begin(RecorderHost.Options, new DiskRoom(_root, RecorderHost.Options), onSegment: _ => { });
        var burst = At.AddSeconds(6);
        foreach (var (picture, number) in RecorderHost.Pictures(At).Take(2 * Rate).Select((picture, number) => (picture, number)))
            _stream.Publish(number < Rate ? picture : Copy(picture, picture.Dts, burst, isBroken && number == Rate));
        await EndAsync(running, 2 * Rate);
        var found = await VerifyAsync();
        var segments = found.Lines.Select(line => line.Segment).OfType<SegmentStatement>().ToList();
        Assert.Equal(2 * Rate * Picture40, segments.Aggregate(TimeSpan.Zero, (sum, segment) => sum + (segment.To - segment.From)));
        if (isBroken)
            Assert.Equal((2, new RecordingGap(At.AddSeconds(1), burst, GapReason.ClockJumped)), (segments.Count, Assert.Single(Gaps(found))));
        else
            Assert.Equal((1, 0), (segments.Count, Gaps(found).Count));
    }

    private (RecordingFolder Folder, Task<GapReason?> Running) Begin(RecordingOptions options, DiskRoom room, Action<long> onSegment)
    {
        var folder = RecorderHost.Create(_root, _time);
        StreamRecorder recorder = new(folder, _stream, options, new RecordingBook(_audit), room, _time, NullLogger<StreamRecorder>.Instance);
        recorder.Progressed += written => onSegment(written.Lines[^1].Segment?.Bytes ?? 0);
        return (folder, recorder.RunAsync(() => "user:pilot", CancellationToken.None));
    }

    /// <returns>Makes the audit log refuse so many of the writes to come.</returns>
    private async Task<Action<int>> RefuseAsync()
    {
        await _audit.DisposeAsync();
        var refusals = 0;
        _audit = AuditLog.Open(
            Path.Combine(_root, "audit"), Path.Combine(_root, "keys", "key.pem"),
            (file, lines) =>
            {
                if (Interlocked.Decrement(ref refusals) >= 0)
                    throw new IOException("No space left on device", 28);
                file.Write(lines);
            },
            TimeProvider.System, _ => { }, NullLogger<AuditLog>.Instance);
        return count => Volatile.Write(ref refusals, count);
    }

    /// <summary>Hands over pictures of the past seconds.</summary>
    private void Publish(int from, int to)
    {
        _time.Advance((to - from + 1) * Picture40);
        foreach (var (picture, number) in RecorderHost.Pictures(At).Take(to).Select((picture, number) => (picture, number)))
        {
            if (number < from)
                picture.Dispose();
            else
                _stream.Publish(picture);
        }
    }

    private async Task EndAsync(Task<GapReason?> running, int pictures)
    {
        _time.Advance(pictures * Picture40);
        _stream.End();
        Assert.Null(await running);
    }

    private static Picture Copy(Picture picture, long dts, DateTimeOffset? receivedAt = null, bool isDiscontinuous = false)
    {
        using (picture)
        {
            var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(picture.Data.Length);
            picture.Data.Span.CopyTo(buffer);
            return new Picture(picture.Format, buffer, picture.Data.Length)
            {
                Pts = dts + picture.Pts - picture.Dts,
                Dts = dts,
                IsKey = picture.IsKey,
                IsDiscontinuous = isDiscontinuous,
                ReceivedAt = receivedAt ?? picture.ReceivedAt,
            };
        }
    }

    private async Task<RecordingVerification> VerifyAsync()
    {
        var found = await RecordingVerification.CheckAsync(PathOfRecording, mayBeOpen: false, TestContext.Current.CancellationToken);
        Assert.Null(found.Problem);
        return found;
    }

    private static List<RecordingGap> Gaps(RecordingVerification found) => [.. found.Lines.SelectMany(line => line.Segment?.Gaps ?? line.Closing!.Gaps)];
}

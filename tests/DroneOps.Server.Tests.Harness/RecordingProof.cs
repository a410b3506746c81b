using System.Diagnostics;
using System.Globalization;
using DroneOps.Server.Video.Recording;

namespace DroneOps.Server.Tests.Harness;

/// <summary>What is left of recordings after kills, as programs of others see it: every file plays, every chain verifies, every missing time is named.</summary>
internal sealed class RecordingProof
{
    /// <summary>By how much pictures go on to come after a kill: what the connection and the pipes still hold.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromMilliseconds(500);

    /// <summary>Time without pictures that no gap names: between two files it is the tremble of the arrival, by which each file is set to the wall clock.</summary>
    private const double MostUnnamedS = 0.5;
    private readonly List<string> _faults = [];
    private readonly List<double> _lostMs = [];

    /// <summary>What was not as it must be.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public int Recordings { get; private set; }

    public int Files { get; private set; }

    public long Pictures { get; private set; }

    /// <summary>The longest time without pictures that no gap names, seconds.</summary>
    public double Unnamed { get; private set; }

    /// <summary>Bytes behind the last whole part, all together.</summary>
    public long RestBytes { get; private set; }

    /// <summary>From the last recorded picture to the kill, milliseconds, smallest first.</summary>
    public IReadOnlyList<double> LostMs => [.. _lostMs.Order()];

    /// <summary>Checks a recording that is closed, and the moments of kills within it.</summary>
    public async Task CheckAsync(string path, IReadOnlyList<DateTimeOffset> kills, CancellationToken cancellation)
    {
        Recordings++;
        var name = Path.GetFileName(path);
        var (code, said) = await RunAsync("dotnet", cancellation, Path.Combine(AppContext.BaseDirectory, "droneops.dll"), "video", "verify", path);
        if (code != 0)
            _faults.Add($"{name}: {said}");
        foreach (var file in Directory.EnumerateFiles(path, "*.mp4").Order(StringComparer.Ordinal))
            await PlayAsync(file, cancellation);

        var folder = RecordingFolder.Open(path);
        RestBytes += folder.Lines.Sum(line => line.Segment?.RestBytes ?? 0);
        var gaps = folder.Lines.SelectMany(line => line.Segment?.Gaps ?? line.Closing!.Gaps).ToList();
        foreach (var kill in kills)
        {
            // The gap begins with the last recorded picture, which is before the kill, and ends after it.
            if (gaps.Find(gap => gap.From <= kill + UnderWay && gap.To > kill) is { } gap)
                Lose(name, kill, (kill - gap.From).TotalMilliseconds);
            else
                _faults.Add($"{name}: no gap names the kill at {kill:HH:mm:ss.fff}; there are {string.Join(", ", gaps.Select(one => $"{one.From:HH:mm:ss.fff}-{one.To:HH:mm:ss.fff} {one.Reason}"))}");
        }

        Cover(name, folder, gaps);
    }

    /// <summary>What the check found, in figures.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{LostMs.Count} kills, {Recordings} recordings, {Files} files, {Pictures} pictures; lost {At(0.5):0} ms (median), {At(0.95):0} ms (95 %), {At(1):0} ms (most); half parts cut off {RestBytes} bytes; longest time that no gap names {Unnamed * 1000:0} ms; {_faults.Count} faults");

    private double At(double share) => LostMs is { Count: > 0 } all ? all[(int)Math.Ceiling(share * all.Count) - 1] : 0;

    private void Lose(string name, DateTimeOffset kill, double lostMs)
    {
        lostMs = Math.Max(0, lostMs);
        _lostMs.Add(lostMs);
        if (lostMs > 1000)
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: the kill at {kill:HH:mm:ss.fff} cost {lostMs:0} ms"));
    }

    /// <summary>Pictures and gaps together leave no time out, from the order to the end.</summary>
    private void Cover(string name, RecordingFolder folder, List<RecordingGap> gaps)
    {
        var spans = folder.Lines.Where(line => line.Segment is not null).Select(line => (line.Segment!.From, line.Segment.To)).Concat(gaps.Select(gap => (gap.From, gap.To))).OrderBy(span => span.From);
        var until = folder.Identity.StartedAt;
        var end = folder.Lines[^1].Closing?.ClosedAt ?? until;
        foreach (var (from, to) in spans.Append((end, end)))
        {
            // A recorder that ends hands over what it has: what comes after the last picture is no gap below a second.
            var isEnd = from == end && to == end;
            var hole = (from - until).TotalSeconds;
            if (!isEnd && until != folder.Identity.StartedAt)
                Unnamed = Math.Max(Unnamed, hole);
            if (hole > (isEnd || until == folder.Identity.StartedAt ? 1 : MostUnnamedS))
                _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: no gap names {until:HH:mm:ss.fff} to {from:HH:mm:ss.fff}"));
            until = to > until ? to : until;
        }
    }

    private async Task PlayAsync(string file, CancellationToken cancellation)
    {
        Files++;
        var name = $"{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileName(file)}";
        var (code, said) = await RunAsync("ffmpeg", cancellation, "-nostdin", "-v", "error", "-xerror", "-i", file, "-f", "null", "-");
        if (code != 0 || said.Length > 0)
            _faults.Add($"{name} does not play to its end: {code} {said}");
        (code, said) = await RunAsync("ffprobe", cancellation, "-v", "error", "-count_packets", "-show_entries", "stream=nb_read_packets:format=duration", "-of", "csv=p=0", file);
        var parts = said.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (code == 0 && parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var pictures) && double.TryParse(parts[1], CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
            Pictures += pictures;
        else
            _faults.Add($"{name}: ffprobe says {code} {said}");
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, CancellationToken cancellation, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, (output + await error).Trim());
    }
}

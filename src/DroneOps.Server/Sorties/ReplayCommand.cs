using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DroneOps.Links;
using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Server.Cli;
using DroneOps.Server.Sorties.Import;
using Microsoft.Extensions.Logging.Abstractions;

namespace DroneOps.Server.Sorties;

/// <summary><c>droneops replay</c>: the sorties in a recording, on the recording's own clock and as fast as it can; or, with --to, the
/// vehicles' frames played to a link.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The recording (.tlog)" };
        var to = new Option<string?>("--to") { Description = "Play the vehicles' frames to this link instead, for example udp://127.0.0.1:14550", HelpName = "URI" };
        var speed = new Option<double>("--speed") { Description = "Times faster than it was recorded (with --to)", HelpName = "X", DefaultValueFactory = _ => 1 };
        var json = CommonOptions.Json();
        var command = new Command("replay", "Show the sorties in a recording, or play it to a link") { file, to, speed, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var stream = Open(parsed.GetRequiredValue(file));
            if (parsed.GetValue(to) is { } uri)
                return await PlayAsync(stream, uri, parsed.GetValue(speed), parsed.GetValue(json), cancellation);
            var flown = Read(stream, out var report);
            if (report.Records == 0)
            {
                await Console.Error.WriteLineAsync($"droneops: {parsed.GetRequiredValue(file)} is not a recording: there is no MAVLink frame in it.");
                return Terminal.Wrong;
            }

            ReplayedSortie[] sorties = [.. flown.Select(ReplayedSortie.Of)];
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(new { sorties }, CommonOptions.Written) : Table(sorties, report));
            return Terminal.Ok;
        });
        return command;
    }

    /// <summary>The sorties of every vehicle in a recording, in the order of their take-off.</summary>
    public static IReadOnlyList<FlownSortie> Read(Stream recording, out TlogReport report)
    {
        var flown = new List<FlownSortie>();
        using var reader = new RecordedFlights(recording, new(false, null, null, DateTimeOffset.MaxValue));
        while (reader.NextFlown() is { } next)
            flown.Add(next);
        report = reader.Report;
        return [.. flown.OrderBy(sortie => sortie.Draft.TakeoffAt).ThenBy(sortie => sortie.SystemId)];
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The recording {path} cannot be read: {problem.Message}", problem);
        }
    }

    private static async Task<int> PlayAsync(FileStream stream, string text, double speed, bool isJson, CancellationToken cancellation)
    {
        if (!LinkUri.TryParse(text, out var uri, out var error))
            throw new StartupException($"--to: {error}");
        if (speed is not (> 0 and <= 1000))
            throw new StartupException("--speed is more than 0 and at most 1000.");
        await using var link = new Link(new LinkId(1), uri, new Links.LinkOptions(), new LinkTransports(MessageCatalog.Default, TimeProvider.System), NullLogger<Link>.Instance);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = link.RunAsync(ending.Token);
        var player = new TlogPlayer(MessageCatalog.Default, TimeProvider.System, speed);
        await player.PlayAsync(stream, link, cancellation);
        await link.WhenIdleAsync();
        await ending.CancelAsync();
        if (await running is { } broken)
            throw new StartupException($"The link {uri} failed: {broken.Message}", broken);
        Console.WriteLine(isJson ? JsonSerializer.Serialize(new { frames = player.Played, to = uri.ToString() }, CommonOptions.Written) : $"{player.Played} frames played to {uri}");
        return Terminal.Ok;
    }

    private static string Table(ReplayedSortie[] sorties, TlogReport report)
    {
        var lines = sorties.Select(sortie => string.Create(CultureInfo.InvariantCulture,
            $"system {sortie.SystemId}  {sortie.StartedAt:yyyy-MM-dd HH:mm:ss.fff}Z  airborne {sortie.AirborneS,8:0.000} s  armed {sortie.ArmedS,8:0.000} s  {sortie.DistanceM,8:0.0} m  max {sortie.MaxAltitudeAboveHomeM,6:0.00} m  {string.Join(' ', sortie.Modes)}"));
        var sum = $"{sorties.Length} sorties in {report.Records} records; {report.SkippedBytes} bytes skipped{(report.IsTorn ? "; the last record is torn" : "")}";
        return string.Join(Environment.NewLine, lines.Append(sum));
    }
}

/// <summary>A sortie found in a recording.</summary>
/// <param name="SystemId">The vehicle's MAVLink system id.</param>
/// <param name="StartedAt">Take-off.</param>
/// <param name="EndedAt">Landing; null where the recording ends in the air.</param>
/// <param name="AirborneS">Seconds from take-off to landing.</param>
/// <param name="ArmedS">Seconds the motors were armed for it.</param>
/// <param name="DistanceM">Metres over ground while airborne.</param>
/// <param name="MaxAltitudeAboveHomeM">Metres above home.</param>
/// <param name="Modes">The modes it flew in, in order.</param>
internal sealed record ReplayedSortie(
    int SystemId, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, double AirborneS, double ArmedS, double DistanceM, double? MaxAltitudeAboveHomeM, IReadOnlyList<string> Modes)
{
    public static ReplayedSortie Of(FlownSortie flown) => new(
        flown.SystemId, flown.Draft.TakeoffAt, flown.Draft.LandedAt, Math.Round(flown.Draft.AirborneS, 3), Math.Round(flown.Draft.ArmedS, 3), Math.Round(flown.Draft.DistanceM, 1),
        flown.Draft.MaxAltitudeAboveHomeM is { } height ? Math.Round(height, 2) : null, [.. flown.Draft.Modes.Select(mode => mode.Mode)]);
}

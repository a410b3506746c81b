using System.CommandLine;
using System.Text.Json;
using DroneOps.Server.Cli;
using DroneOps.Server.Video.Recording;

namespace DroneOps.Server.Video;

/// <summary><c>droneops video verify</c>: whether a recording is what was recorded, without a server.</summary>
internal static class VideoCommand
{
    public static Command Create() => new("video", "Check recordings") { Verify() };

    private static Command Verify()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a recording: recording.json, ledger.jsonl and its segments" };
        var json = CommonOptions.Json();
        var command = new Command("verify", "Check every segment, what is said about it and every link, offline") { folder, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(folder);
            if (!Directory.Exists(path))
                throw new StartupException($"There is no folder {path}.");
            var found = await RecordingVerification.CheckAsync(path, mayBeOpen: false, cancellation);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new { ok = found.FirstBad is null, found.Segments, found.IsDeleted, firstBadSegment = found.FirstBad, found.Problem, found.Chain }, CommonOptions.Written)
                : found.FirstBad is { } bad ? $"BAD segment {bad}: {found.Problem}." : $"OK {found.Segments} segments{(found.IsDeleted ? ", deleted; their ledger" : "")}, chain {found.Chain}; compare it with the audit log's entry {(found.IsDeleted ? "video.recordingDeleted" : "video.recordingStopped")}.");
            return found.FirstBad is null ? Terminal.Ok : Terminal.Wrong;
        });
        return command;
    }
}

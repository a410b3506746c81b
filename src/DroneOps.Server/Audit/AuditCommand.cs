using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using DroneOps.Server.Audit.Witnessing;
using DroneOps.Server.Cli;

namespace DroneOps.Server.Audit;

/// <summary><c>droneops audit export|verify</c>: what an auditor does, without a server.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Export and verify the audit log") { Export(), Verify(), WitnessCommand.Create() };

    private static Command Export()
    {
        var data = CommonOptions.Data();
        var to = new Option<string>("--out") { Description = "The folder to write to", HelpName = "DIR", Required = true };
        var json = CommonOptions.Json();
        var command = new Command("export", "Copy the log with its newest checkpoint and public key; the server may be running") { data, to, json };
        command.SetAction(parsed =>
        {
            var from = LogFolder(parsed.GetValue(data) ?? "data");
            var target = Made(parsed.GetRequiredValue(to));

            var log = AuditSnapshot.Of(from);
            log.CopyTo(target);
            AuditFiles.WriteVerifier(target);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new { folder = target, files = log.Names.Append(AuditFiles.VerifierName) }, CommonOptions.Written)
                : $"Exported to {target}; check it with: droneops audit verify {target}, or open {AuditFiles.VerifierName} there in any browser");
            return Terminal.Ok;
        });
        return command;
    }

    private static string Made(string folder)
    {
        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{folder} cannot be made: {problem.Message}", problem);
        }
    }

    private static Command Verify()
    {
        var folder = new Argument<string>("DIR") { Description = "A data folder, an audit folder or an export" };
        var key = new Option<string?>("--key") { Description = "The log's public key, kept elsewhere (default: the one in DIR)", HelpName = "FILE" };
        var checkpoint = new Option<string[]>("--checkpoint") { Description = "A checkpoint kept elsewhere, as well as the one in DIR; may be repeated", HelpName = "FILE" };
        var witness = new Option<string[]>("--witness") { Description = "A witness whose cosignature must be there, with its public key; may be repeated", HelpName = "NAME=FILE" };
        var json = CommonOptions.Json();
        var command = new Command("verify", "Check every entry, every link, the signed checkpoint and the witnesses, offline") { folder, key, checkpoint, witness, json };
        command.SetAction(parsed =>
        {
            var from = LogFolder(parsed.GetRequiredValue(folder));
            using var publicKey = Key(parsed.GetValue(key), Path.Combine(from, AuditFiles.PublicKeyName));
            var log = AuditSnapshot.Of(from);
            var note = log.Text(AuditFiles.CheckpointName);
            var (files, witnesses) = (parsed.GetValue(checkpoint) ?? [], parsed.GetValue(witness) ?? []);
            if (publicKey is null && (note is not null || files.Length > 0 || witnesses.Length > 0))
            {
                throw new StartupException($"There is a checkpoint but no public key to check it with in {from}; give one with --key.");
            }

            List<KeptHead> kept = [.. files.Select(file => Kept(file, publicKey!)), .. witnesses.Select(named => Witnessed(log, from, named, publicKey!))];
            var scan = AuditScan.Read(log.Entries, note, publicKey, kept);
            Console.WriteLine(parsed.GetValue(json) ? Json(scan, kept) : Sentence(scan, kept));
            return Problem(scan) is null ? Terminal.Ok : Terminal.Wrong;
        });
        return command;
    }

    private static KeptHead Kept(string file, ECDsa key) => Checkpoint.Open(AuditKeys.Text(file), key, out var problem) is { } head
        ? new KeptHead($"the checkpoint in {file}", head)
        : throw new StartupException($"{file} is not a checkpoint of this log: {problem}.");

    private static KeptHead Witnessed(AuditSnapshot log, string folder, string named, ECDsa logKey)
    {
        if (named.Split('=', 2) is not [var name, var keyFile])
        {
            throw new StartupException($"--witness wants NAME=FILE, not '{named}'.");
        }

        using var key = AuditKeys.ReadPublic(keyFile);
        var file = AuditFiles.WitnessFile(name);
        var note = log.Text(file) ?? throw new StartupException($"There is no checkpoint cosigned by {name} in {folder}.");
        return Checkpoint.Open(note, logKey, out var problem) is not { } head ? throw new StartupException($"{file} is not a checkpoint of this log: {problem}.")
            : Cosignature.Find(note, name, key) is not { } cosigned ? throw new StartupException($"{file} was not signed with the key of {name}.")
            : new KeptHead($"the witness {name} ({cosigned.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'})", head);
    }

    private static BadEntry? Problem(AuditScan scan) => scan.Bad ?? (scan.IsCheckpointOutdated
        ? new BadEntry(scan.Checkpoint!.Size, "from it on nothing is signed, for longer than the log ever leaves entries unsigned: an old checkpoint was put in place of the newest")
        : null);

    private static string Sentence(AuditScan scan, IReadOnlyList<KeptHead> kept)
    {
        if (Problem(scan) is { } bad)
        {
            return $"BAD entry {bad.Index}: {bad.Problem}.";
        }

        var signed = scan.Checkpoint is { } head ? $"the signed checkpoint covers {head.Size} of them" : "there is no checkpoint, so a cut-off end would not be noticed";
        var torn = scan.Torn is { } tail ? $" {tail.Bytes} unfinished bytes at the end (a write in progress, or a crash) are not part of it." : "";
        var vouched = string.Concat(kept.Select(head => $" {char.ToUpperInvariant(head.Name[0])}{head.Name[1..]} vouches for {head.Head.Size}."));
        var steps = scan.ClockSteps > 0 ? $" The clock was set back {scan.ClockSteps} times; see the entries {AuditFormat.ClockSteppedBack}." : "";
        return $"OK {scan.Count} entries, root {Convert.ToHexStringLower(scan.Tree.Root())}; {signed}.{vouched}{steps}{torn}";
    }

    private static string Json(AuditScan scan, IReadOnlyList<KeptHead> kept) => JsonSerializer.Serialize(
        new
        {
            ok = Problem(scan) is null,
            entries = scan.Count,
            root = Convert.ToHexStringLower(scan.Tree.Root()),
            checkpointSize = scan.Checkpoint?.Size,
            tornBytes = scan.Torn?.Bytes ?? 0,
            vouched = kept.Select(head => new { by = head.Name, head.Head.Size }),
            clockSteps = scan.ClockSteps,
            firstBadEntry = Problem(scan)?.Index,
            problem = Problem(scan)?.Problem,
        },
        CommonOptions.Written);

    private static string LogFolder(string given)
    {
        var inside = Path.Combine(given, "audit");
        var folder = Directory.Exists(inside) ? inside : given;
        return Directory.Exists(folder) && (AuditFiles.EntryFiles(folder).Count > 0 || File.Exists(Path.Combine(folder, AuditFiles.CheckpointName)))
            ? folder
            : throw new StartupException($"There is no audit log in {given}.");
    }

    private static ECDsa? Key(string? given, string inLog) => given is not null || File.Exists(inLog) ? AuditKeys.ReadPublic(given ?? inLog) : null;
}

using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using DroneOps.Server.Cli;

namespace DroneOps.Server.Audit;

/// <summary><c>droneops audit export|verify</c>: what an auditor does, without a server.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Export and verify the audit log") { Export(), Verify() };

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

            // The checkpoint first: entries only grow, so what is copied afterwards covers it.
            string[] names = [.. new[] { AuditFiles.CheckpointName, AuditFiles.PublicKeyName }.Concat(AuditFiles.EntryFiles(from).Select(Path.GetFileName)).OfType<string>()
                .Where(name => File.Exists(Path.Combine(from, name)))];
            foreach (var name in names)
            {
                Copy(Path.Combine(from, name), Path.Combine(target, name));
            }

            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new { folder = target, files = names }, CommonOptions.Written)
                : $"Exported to {target}; check it with: droneops audit verify {target}");
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
        var checkpoint = new Option<string?>("--checkpoint") { Description = "A checkpoint kept elsewhere (default: the one in DIR)", HelpName = "FILE" };
        var json = CommonOptions.Json();
        var command = new Command("verify", "Check every entry, every link and the signed checkpoint, offline") { folder, key, checkpoint, json };
        command.SetAction(parsed =>
        {
            var log = LogFolder(parsed.GetRequiredValue(folder));
            using var publicKey = Key(parsed.GetValue(key), Path.Combine(log, AuditFiles.PublicKeyName));
            var note = Text(parsed.GetValue(checkpoint), Path.Combine(log, AuditFiles.CheckpointName));
            if (note is not null && publicKey is null)
            {
                throw new StartupException($"There is a checkpoint but no public key to check it with in {log}; give one with --key.");
            }

            var scan = AuditScan.Read(log, note, publicKey);
            Console.WriteLine(parsed.GetValue(json) ? Json(scan) : Sentence(scan));
            return scan.Bad is null ? Terminal.Ok : Terminal.Wrong;
        });
        return command;
    }

    private static string Sentence(AuditScan scan)
    {
        if (scan.Bad is { } bad)
        {
            return $"BAD entry {bad.Index}: {bad.Problem}.";
        }

        var signed = scan.Checkpoint is { } head ? $"the signed checkpoint covers {head.Size} of them" : "there is no checkpoint, so a cut-off end would not be noticed";
        var torn = scan.Torn is { } tail ? $" {tail.Bytes} unfinished bytes at the end (a write in progress, or a crash) are not part of it." : "";
        return $"OK {scan.Count} entries, root {Convert.ToHexStringLower(scan.Tree.Root())}; {signed}.{torn}";
    }

    private static string Json(AuditScan scan) => JsonSerializer.Serialize(
        new
        {
            ok = scan.Bad is null,
            entries = scan.Count,
            root = Convert.ToHexStringLower(scan.Tree.Root()),
            checkpointSize = scan.Checkpoint?.Size,
            tornBytes = scan.Torn?.Bytes ?? 0,
            firstBadEntry = scan.Bad?.Index,
            problem = scan.Bad?.Problem,
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

    private static ECDsa? Key(string? given, string inLog)
    {
        if (Text(given, inLog) is not { } pem)
        {
            return null;
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new StartupException($"{given ?? inLog} is not a public key: {problem.Message}", problem);
        }
    }

    private static string? Text(string? given, string inLog) =>
        given is not null && !File.Exists(given) ? throw new StartupException($"There is no file {given}.")
        : File.Exists(given ?? inLog) ? File.ReadAllText(given ?? inLog)
        : null;

    private static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var target = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None);
        source.CopyTo(target);
    }
}

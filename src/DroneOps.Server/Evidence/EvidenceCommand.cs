using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using DroneOps.Server.Audit;
using DroneOps.Server.Cli;

namespace DroneOps.Server.Evidence;

/// <summary><c>droneops evidence verify FILE</c>: what whoever was given a package does, without a server.</summary>
internal static class EvidenceCommand
{
    public static Command Create() => new("evidence", "Check an evidence package") { Verify() };

    private static Command Verify()
    {
        var file = new Argument<string>("FILE") { Description = "The package (.zip)" };
        var key = new Option<string?>("--key") { Description = "The log's public key, kept elsewhere (default: the one in the package)", HelpName = "FILE" };
        var witness = new Option<string[]>("--witness") { Description = "A witness whose cosignature must be there, with its public key; may be repeated", HelpName = "NAME=FILE" };
        var json = CommonOptions.Json();
        var command = new Command("verify", "Check every file, the manifest, the audit entries, the recordings, the signature and the witnesses, offline") { file, key, witness, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!File.Exists(path))
                throw new StartupException($"There is no file {path}.");
            using var given = parsed.GetValue(key) is { } keyFile ? AuditKeys.ReadPublic(keyFile) : null;
            List<(string Name, ECDsa Key)> witnesses = [.. (parsed.GetValue(witness) ?? []).Select(Witness)];
            try
            {
                await using var package = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, FileOptions.Asynchronous);
                var found = await PackageVerification.CheckAsync(package, given, witnesses, cancellation);
                Console.WriteLine(parsed.GetValue(json) ? Json(found) : Sentence(found, given is not null));
                return found.Problem is null ? Terminal.Ok : Terminal.Wrong;
            }
            finally
            {
                witnesses.ForEach(one => one.Key.Dispose());
            }
        });
        return command;
    }

    private static (string Name, ECDsa Key) Witness(string named) =>
        named.Split('=', 2) is [var name, var keyFile] ? (name, AuditKeys.ReadPublic(keyFile)) : throw new StartupException($"--witness wants NAME=FILE, not '{named}'.");

    private static string Sentence(PackageVerification found, bool hasOwnKey)
    {
        if (found.Manifest is not { } manifest)
            return $"BAD {found.Place}: {found.Problem}.";
        var vouched = string.Concat(found.Vouched.Select(one => $" The witness {one}."));
        var missing = string.Concat(manifest.Missing.Select(one => $" Not in it: {one}"));
        var trust = hasOwnKey ? "" : " The key was the package's own: give the log's key with --key to know who signed.";
        return $"OK {manifest.Files.Count} files, {manifest.Sorties.Count} sorties, {manifest.Recordings.Count} recordings and {manifest.Entries.Count} audit entries of {manifest.Case.Kind} {manifest.Case.Label}, under the signed head of {found.Head} entries.{vouched}{missing}{trust}";
    }

    private static string Json(PackageVerification found) => JsonSerializer.Serialize(
        new
        {
            ok = found.Problem is null,
            place = found.Place,
            problem = found.Problem,
            package = found.Manifest?.Id,
            @case = found.Manifest?.Case,
            files = found.Manifest?.Files.Count,
            entries = found.Manifest?.Entries.Count,
            head = found.Head,
            vouched = found.Vouched,
            missing = found.Manifest?.Missing,
        },
        CommonOptions.Written);
}

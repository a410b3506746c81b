using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DroneOps.Server.Audit.Witnessing;

/// <summary>The witness's own side: its key, the note it signed last, and the proofs it holds against a log. What it will sign is on its disk before it
/// signs, so that a crash never makes it sign two versions.</summary>
internal sealed class WitnessDesk : IDisposable
{
    private readonly string _folder;
    private readonly ECDsa _logKey;
    private readonly ECDsa _key;
    private readonly TimeProvider _time;
    private Checkpoint? _last;
    private string _lastNote;

    private WitnessDesk(string folder, string name, ECDsa logKey, ECDsa key, Checkpoint? last, string lastNote, TimeProvider time)
    {
        _folder = folder;
        Name = name;
        _logKey = logKey;
        _key = key;
        _last = last;
        _lastNote = lastNote;
        _time = time;
    }

    public string Name { get; }

    /// <summary>Entries under the note that it signed last.</summary>
    public long Signed => _last?.Size ?? 0;

    public string PublicKeyFile => Path.Combine(_folder, "witness-public-key.pem");

    /// <summary>Opens the witness's folder; makes its key the first time.</summary>
    /// <exception cref="StartupException">What it signed last cannot be read: better no witness than one that has forgotten.</exception>
    public static WitnessDesk Open(string folder, string name, ECDsa logKey, TimeProvider time)
    {
        if (!Cosignature.IsName(name))
        {
            throw new StartupException($"A witness's name has letters, digits, '-' and '.'; '{name}' is not one.");
        }

        Directory.CreateDirectory(folder);
        var (keyFile, noteFile) = (Path.Combine(folder, "witness-key.pem"), NoteFile(folder));
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(keyFile))
        {
            key.ImportFromPem(File.ReadAllText(keyFile));
        }
        else
        {
            AuditFiles.Replace(keyFile, key.ExportPkcs8PrivateKeyPem(), isSecret: true);
        }

        var note = File.Exists(noteFile) ? File.ReadAllText(noteFile) : "";
        var last = note.Length == 0 ? null
            : Checkpoint.Open(note, logKey, out var problem) ?? throw new StartupException($"{noteFile}, what this witness signed last, is not a checkpoint of that log: {problem}.");
        var desk = new WitnessDesk(folder, name, logKey, key, last, note, time);
        AuditFiles.Replace(desk.PublicKeyFile, key.ExportSubjectPublicKeyInfoPem(), isSecret: false);
        return desk;
    }

    /// <summary>Asks the server how its log has grown; signs and hands in, or says why not.</summary>
    public async Task<WitnessLook> LookAsync(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"/api/v1/audit/consistency?from={Signed}"), UriKind.Relative), cancellation);
            if (answer.StatusCode == System.Net.HttpStatusCode.BadRequest)
            {
                return await ShorterAsync(http, cancellation);
            }

            answer.EnsureSuccessStatusCode();
            var growth = await answer.Content.ReadFromJsonAsync<AuditGrowth>(JsonSerializerOptions.Web, cancellation) ?? throw new JsonException("The answer is empty.");
            return Judge(growth) is { } refused ? refused : await HandInAsync(http, cancellation);
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException or FormatException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return new WitnessLook($"The server did not answer as it should: {problem.Message}", IsSigned: false, IsFork: false);
        }
    }

    public void Dispose() => _key.Dispose();

    private static string NoteFile(string folder) => Path.Combine(folder, "signed-last.checkpoint");

    // Null: signed.
    private WitnessLook? Judge(AuditGrowth growth)
    {
        if (Checkpoint.Open(growth.Checkpoint, _logKey, out var problem) is not { } offered)
        {
            return new WitnessLook($"The checkpoint is not signed by the log: {problem}.", IsSigned: false, IsFork: false);
        }

        switch (WitnessVerdict.Of(_last, offered, [.. growth.Hashes.Select(Convert.FromHexString)]))
        {
            case WitnessVerdict.Refused refused:
                return new WitnessLook($"Not signed. {refused.Reason}", IsSigned: false, IsFork: false);
            case WitnessVerdict.Forked forked:
                return Accuse(growth.Checkpoint, forked.Reason);
            default:
                AuditFiles.Replace(NoteFile(_folder), growth.Checkpoint, isSecret: false);
                (_last, _lastNote) = (offered, growth.Checkpoint);
                return null;
        }
    }

    private WitnessLook Accuse(string note, string reason)
    {
        var proof = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"fork-{_time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}.txt"));
        AuditFiles.Replace(proof, $"{reason}\n\nSigned before:\n\n{_lastNote}\nOffered now:\n\n{note}", isSecret: false);
        return new WitnessLook($"FORK. {reason} Both notes are kept in {proof}.", IsSigned: false, IsFork: true);
    }

    // The server says that it never had as many entries as it has signed. An old checkpoint is true in itself, so this proves no second version.
    private async Task<WitnessLook> ShorterAsync(HttpClient http, CancellationToken cancellation)
    {
        var note = await http.GetStringAsync(new Uri("/api/v1/audit/checkpoint", UriKind.Relative), cancellation);
        return Checkpoint.Open(note, _logKey, out _) is { } head && head.Size < Signed
            ? new WitnessLook(string.Create(CultureInfo.InvariantCulture, $"Not signed. The server shows {head.Size} entries and {Signed} were signed before: its log was cut off, or an old copy was put back."), IsSigned: false, IsFork: false)
            : new WitnessLook("The server refuses the proof of growth.", IsSigned: false, IsFork: false);
    }

    private async Task<WitnessLook> HandInAsync(HttpClient http, CancellationToken cancellation)
    {
        var note = Cosignature.Add(_lastNote, Name, _key, _time.GetUtcNow());
        using var body = new StringContent(note, Encoding.UTF8, "text/plain");
        using var answer = await http.PostAsync(new Uri("/api/v1/audit/cosignatures", UriKind.Relative), body, cancellation);
        if (answer.IsSuccessStatusCode)
        {
            return new WitnessLook(string.Create(CultureInfo.InvariantCulture, $"Signed {Signed} entries."), IsSigned: true, IsFork: false);
        }

        var said = await answer.Content.ReadAsStringAsync(cancellation);
        return new WitnessLook(string.Create(CultureInfo.InvariantCulture, $"Signed {Signed} entries, but the server did not take it ({(int)answer.StatusCode}): {said}"), IsSigned: false, IsFork: false);
    }
}

/// <summary>One look of a witness at a log.</summary>
/// <param name="Sentence">What came of it.</param>
/// <param name="IsSigned">Whether the server has its signature now.</param>
/// <param name="IsFork">Whether it holds proof against the log.</param>
internal sealed record WitnessLook(string Sentence, bool IsSigned, bool IsFork);

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DroneOps.Server.Audit;

/// <summary>A signed tree head in the form of C2SP tlog-checkpoint: a signed note of three lines (origin, size, base64
/// root) and a signature line per key. Signatures are ECDSA P-256 over SHA-256, DER (key type 0x02).</summary>
/// <param name="Origin">The log's name.</param>
/// <param name="Size">Entries it covers.</param>
/// <param name="Root">The tree's root at that size.</param>
internal sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    /// <summary>The signed text, with its last line feed.</summary>
    private string Body => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    public string Sign(ECDsa key)
    {
        var signature = key.SignData(Encoding.UTF8.GetBytes(Body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return $"{Body}\n\u2014 {Origin} {Convert.ToBase64String([.. KeyId(key), .. signature])}\n";
    }

    /// <summary>Reads a note and checks its signature.</summary>
    /// <returns>The checkpoint, or null and what is wrong with it.</returns>
    public static Checkpoint? Open(string note, ECDsa key, out string problem)
    {
        var end = note.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = end < 0 ? [] : note[..end].Split('\n');
        var root = new byte[AuditFormat.HashBytes];
        if (lines.Length < 3
            || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || !Convert.TryFromBase64String(lines[2], root, out var written) || written != root.Length)
        {
            problem = "it is not a checkpoint";
            return null;
        }

        var body = Encoding.UTF8.GetBytes(note[..(end + 1)]);
        var signed = note[(end + 2)..].Split('\n').Any(line => IsSignature(line, lines[0], body, key));
        problem = signed ? "" : "no signature on it was made with the log's key";
        return signed ? new Checkpoint(lines[0], size, root) : null;
    }

    private static bool IsSignature(string line, string origin, byte[] body, ECDsa key)
    {
        var parts = line.Split(' ');
        var bytes = new byte[256];
        return parts is ["\u2014", var name, var text]
            && name == origin
            && Convert.TryFromBase64String(text, bytes, out var written) && written > 4
            && bytes.AsSpan(0, 4).SequenceEqual(KeyId(key))
            && key.VerifyData(body, bytes.AsSpan(4, written - 4), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>C2SP signed-note: an ECDSA key's id is the start of SHA-256 over its SPKI, without name or type.</summary>
    internal static byte[] KeyId(ECDsa key) => SHA256.HashData(key.ExportSubjectPublicKeyInfo())[..4];
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DroneOps.Server.Audit.Witnessing;

/// <summary>A witness's line under a checkpoint: that at a time by its own clock the log had only grown since the witness last looked.</summary>
/// <remarks>The form is that of C2SP tlog-cosignature: what is signed is <c>cosignature/v1</c>, a line <c>time SECONDS</c> and the checkpoint's body; the
/// line holds the key's id, the time in eight bytes, big-endian, and the signature. The key is ECDSA P-256 as in the log's own line, because the platform
/// has no Ed25519; its id is made as there.</remarks>
/// <param name="Witness">The witness's name.</param>
/// <param name="At">When it signed, to the second.</param>
internal sealed record Cosignature(string Witness, DateTimeOffset At)
{
    private const int IdBytes = 4;
    private const int TimeBytes = 8;

    /// <summary>A note with the witness's line added.</summary>
    public static string Add(string note, string witness, ECDsa key, DateTimeOffset at)
    {
        var signature = key.SignData(Signed(note, at.ToUnixTimeSeconds()), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var time = new byte[TimeBytes];
        BinaryPrimitives.WriteInt64BigEndian(time, at.ToUnixTimeSeconds());
        return $"{note}\u2014 {witness} {Convert.ToBase64String([.. Checkpoint.KeyId(key), .. time, .. signature])}\n";
    }

    /// <summary>Finds and checks a witness's line.</summary>
    /// <returns>Null when there is none that its key has made.</returns>
    public static Cosignature? Find(string note, string witness, ECDsa key)
    {
        var end = note.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var bytes = new byte[256];
        foreach (var line in note[(end + 2)..].Split('\n'))
        {
            if (line.Split(' ') is not ["\u2014", var name, var text] || name != witness
                || !Convert.TryFromBase64String(text, bytes, out var written) || written <= IdBytes + TimeBytes
                || !bytes.AsSpan(0, IdBytes).SequenceEqual(Checkpoint.KeyId(key)))
            {
                continue;
            }

            var seconds = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(IdBytes));
            if (seconds is >= 0 and <= 253_402_300_799
                && key.VerifyData(Signed(note, seconds), bytes.AsSpan(IdBytes + TimeBytes, written - IdBytes - TimeBytes), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
            {
                return new Cosignature(witness, DateTimeOffset.FromUnixTimeSeconds(seconds));
            }
        }

        return null;
    }

    /// <summary>Whether a name can stand on a note's line and in a file's name.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.') && name[0] != '.';

    private static byte[] Signed(string note, long seconds) => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)]}"));
}

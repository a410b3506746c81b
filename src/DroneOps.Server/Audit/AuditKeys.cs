using System.Security.Cryptography;

namespace DroneOps.Server.Audit;

/// <summary>Public keys as files: of a log, of a witness.</summary>
internal static class AuditKeys
{
    /// <summary>Reads a public key, PEM.</summary>
    /// <exception cref="StartupException">There is no such file, or no key in it.</exception>
    public static ECDsa ReadPublic(string file)
    {
        var pem = Text(file);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new StartupException($"{file} is not a public key: {problem.Message}", problem);
        }
    }

    /// <summary>Reads a file that somebody named.</summary>
    /// <exception cref="StartupException">There is none.</exception>
    public static string Text(string file) => File.Exists(file) ? File.ReadAllText(file) : throw new StartupException($"There is no file {file}.");
}

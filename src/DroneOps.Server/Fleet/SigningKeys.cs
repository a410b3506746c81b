using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Storage;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Fleet;

/// <summary>The signing keys of the networks, each with its clock. The clocks are stored every half minute and start a minute ahead of what was
/// stored: no timestamp is used twice, not even after a crash with a clock that was set back (MAVLink guide, "Message Signing").</summary>
internal sealed class SigningKeys(IOptions<SigningOptions> options, DataFolder data, TimeProvider time)
{
    private const int MaxStreams = 4096;
    private const int LastLinkId = 255;
    private const string Extension = ".key";

    private readonly ConcurrentDictionary<string, (SigningKey Key, SigningClock Clock, SignatureVerifier Verifier)> _networks = new(StringComparer.Ordinal);

    /// <summary>Whether the frames of a network must be signed.</summary>
    public bool IsSigned(string network) => _networks.ContainsKey(network) && options.Value.Unsigned != UnsignedFrames.Accept;

    /// <summary>Reads the keys of the networks that have links.</summary>
    /// <exception cref="StartupException">A key cannot be used, or belongs to no link.</exception>
    public void Load(IReadOnlyCollection<string> networks)
    {
        if (options.Value.KeyFolder is not { Length: > 0 } folder)
            return;
        if (!Directory.Exists(folder))
            throw new StartupException($"DroneOps:Signing:KeyFolder: there is no folder {folder}.");
        foreach (var file in Directory.EnumerateFiles(folder, $"*{Extension}").Order(StringComparer.Ordinal))
        {
            var network = Path.GetFileNameWithoutExtension(file);
            if (!networks.Contains(network))
                throw new StartupException($"DroneOps:Signing:KeyFolder: {file} is the key of a network '{network}' that no link is in.");
            var key = Read(file);
            var clock = new SigningClock(time, Stored(network));
            _networks[network] = (key, clock, new SignatureVerifier(key, clock, MaxStreams));
        }
    }

    /// <summary>How a link signs; null where its network has no key.</summary>
    public LinkSigning? For(LinkId link, string network)
    {
        if (!_networks.TryGetValue(network, out var known))
            return null;
        var linkId = options.Value.FirstLinkId + link.Value - 1;
        if (linkId > LastLinkId)
            throw new StartupException($"DroneOps:Signing:FirstLinkId: link {link.Value} would have the signing link id {linkId}; the highest is {LastLinkId}.");
        return new LinkSigning(new FrameSigner(known.Key, (byte)linkId, known.Clock), known.Verifier, options.Value.Unsigned switch
        {
            UnsignedFrames.Refuse => FrozenSet<uint>.Empty,
            UnsignedFrames.Listed => Listed(),
            _ => null,
        });
    }

    /// <summary>Stores the clocks.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void StoreClocks()
    {
        foreach (var (network, known) in _networks)
        {
            var file = ClockFile(network);
            File.WriteAllText(file + ".new", known.Clock.Last.ToString(CultureInfo.InvariantCulture));
            File.Move(file + ".new", file, overwrite: true);
        }
    }

    private FrozenSet<uint> Listed() => options.Value.UnsignedMessages.Count == 0
        ? [RadioStatus.MsgId]
        : options.Value.UnsignedMessages.Select(name => MessageCatalog.Default.Messages.FirstOrDefault(message => message.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known
            ? known.Id
            : throw new StartupException($"DroneOps:Signing:UnsignedMessages: there is no MAVLink message '{name}'.")).ToFrozenSet();

    private ulong Stored(string network)
    {
        var file = ClockFile(network);
        return File.Exists(file) && ulong.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last + SigningClock.Minute : 0;
    }

    private string ClockFile(string network) => Path.Combine(data.Secret("keys"), $"signing-{network}.clock");

    private static SigningKey Read(string file)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            throw new StartupException($"The signing key {file} may be read by others: chmod 600 {file}");
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The signing key {file} cannot be read: {problem.Message}", problem);
        }

        try
        {
            return Secret(bytes) is { } secret ? new SigningKey(secret) : throw new StartupException($"The signing key {file} is not {SigningKey.Length} bytes, as they are, in hex or in base64.");
        }
        catch (ArgumentException problem)
        {
            throw new StartupException($"The signing key {file} cannot be used: {problem.Message}", problem);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static byte[]? Secret(byte[] bytes)
    {
        if (bytes.Length == SigningKey.Length)
            return [.. bytes];
        var text = Encoding.ASCII.GetString(bytes).Trim();
        if (text.Length == 2 * SigningKey.Length && text.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(text);
        return Base64.IsValid(text) && Convert.FromBase64String(text) is { Length: SigningKey.Length } secret ? secret : null;
    }
}

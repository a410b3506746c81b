using System.Security.Cryptography;
using DroneOps.Server.Storage;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Audit.Witnessing;

/// <summary>The witnesses of this log and the newest checkpoint that each has cosigned, kept beside the log.</summary>
/// <remarks>Owner of the files <c>witness-NAME.checkpoint</c>; written one at a time.</remarks>
internal sealed class WitnessBook : IHostedService, IDisposable
{
    private readonly Dictionary<string, ECDsa> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WitnessedHead> _heads = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly AuditOptions _options;
    private readonly AuditLog _log;
    private readonly string _folder;

    public WitnessBook(IOptions<AuditOptions> options, AuditLog log, DataFolder data)
    {
        _options = options.Value;
        _log = log;
        _folder = data.Sub("audit");
    }

    /// <summary>How each witness stands, by name.</summary>
    public IReadOnlyList<WitnessedHead> Heads
    {
        get
        {
            lock (_gate)
            {
                return [.. _keys.Keys.Order(StringComparer.Ordinal).Select(name => _heads.GetValueOrDefault(name) ?? new WitnessedHead(name, 0, null))];
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var witness in _options.Witnesses)
        {
            if (!Cosignature.IsName(witness.Name) || !_keys.TryAdd(witness.Name, ReadKey(witness)))
            {
                throw new StartupException($"A witness needs a name of its own of letters, digits, '-' and '.'; '{witness.Name}' is not one.");
            }

            if (File.Exists(FileOf(witness.Name)) && Check(File.ReadAllText(FileOf(witness.Name)), witness.Name, out _) is { } head)
            {
                _heads[witness.Name] = head;
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes a note that a witness has cosigned.</summary>
    /// <param name="problem">Why it is not taken, as a sentence.</param>
    /// <returns>The witness and what it vouches for now; null when the note is not taken.</returns>
    public WitnessedHead? Take(string note, out string problem)
    {
        lock (_gate)
        {
            foreach (var name in _keys.Keys)
            {
                if (Check(note, name, out problem) is not { } head)
                {
                    if (problem.Length > 0)
                    {
                        return null;
                    }

                    continue;
                }

                if (_heads.GetValueOrDefault(name) is { } known && known.Size > head.Size)
                {
                    problem = $"{name} has cosigned {known.Size} entries already; this note has {head.Size}.";
                    return null;
                }

                AuditFiles.Replace(FileOf(name), note, isSecret: false);
                _heads[name] = head;
                return head;
            }
        }

        problem = "No line of the note was made with the key of a witness of this log.";
        return null;
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }
    }

    private string FileOf(string name) => Path.Combine(_folder, AuditFiles.WitnessFile(name));

    private WitnessedHead? Check(string note, string name, out string problem)
    {
        using var own = ECDsa.Create();
        own.ImportFromPem(_log.PublicKey);
        if (Checkpoint.Open(note, own, out var wrong) is not { } checkpoint)
        {
            problem = $"The note is not a checkpoint of this log: {wrong}.";
            return null;
        }

        if (checkpoint.Size > _log.Count)
        {
            problem = $"The note covers {checkpoint.Size} entries; this log has {_log.Count}.";
            return null;
        }

        problem = "";
        return Cosignature.Find(note, name, _keys[name]) is { } cosigned ? new WitnessedHead(name, checkpoint.Size, cosigned.At) : null;
    }

    private static ECDsa ReadKey(WitnessOptions witness)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(witness.PublicKeyFile));
            return key;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new StartupException($"The public key of the witness '{witness.Name}' cannot be read from '{witness.PublicKeyFile}': {problem.Message}", problem);
        }
    }
}

/// <summary>What a witness vouches for.</summary>
/// <param name="Name">The witness.</param>
/// <param name="Size">The first so many entries.</param>
/// <param name="At">When, by its own clock; null before its first cosignature.</param>
internal sealed record WitnessedHead(string Name, long Size, DateTimeOffset? At);

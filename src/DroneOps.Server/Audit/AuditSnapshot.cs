using System.Text;

namespace DroneOps.Server.Audit;

/// <summary>A log as it stands at one moment, though it is written on: its small files as they were read, then its entry files as far as they reached.
/// Entries only grow, so these cover the checkpoint. Going through them takes minutes in a large log; what is added meanwhile is left out, since it is
/// signed by later checkpoints than this one.</summary>
internal sealed class AuditSnapshot
{
    private readonly Dictionary<string, byte[]> _small;

    private AuditSnapshot(Dictionary<string, byte[]> small, IReadOnlyList<EntryFile> entries) => (_small, Entries) = (small, entries);

    /// <summary>The entry files in order.</summary>
    public IReadOnlyList<EntryFile> Entries { get; }

    /// <summary>The names of all files.</summary>
    public IEnumerable<string> Names => _small.Keys.Concat(Entries.Select(entries => Path.GetFileName(entries.Path)));

    /// <summary>Takes one of the log in a folder; the server may be running.</summary>
    public static AuditSnapshot Of(string folder)
    {
        string[] names = [AuditFiles.CheckpointName, AuditFiles.PublicKeyName, .. AuditFiles.WitnessFiles(folder).Select(file => Path.GetFileName(file))];
        var small = names.Where(name => File.Exists(Path.Combine(folder, name))).ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(folder, name)));
        return new AuditSnapshot(small, AuditFiles.EntryFiles(folder));
    }

    /// <summary>What a small file says; null where there is none.</summary>
    public string? Text(string name) => _small.TryGetValue(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Writes the files into another folder.</summary>
    public void CopyTo(string folder)
    {
        foreach (var (name, bytes) in _small)
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }

        foreach (var entries in Entries)
        {
            using var source = new FileStream(entries.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var target = new FileStream(Path.Combine(folder, Path.GetFileName(entries.Path)), FileMode.Create, FileAccess.Write, FileShare.None);
            source.CopyTo(target);
            target.SetLength(Math.Min(target.Length, entries.Length));
        }
    }
}

using System.IO.Compression;
using System.Security.Cryptography;

namespace DroneOps.Server.Evidence;

/// <summary>Writes a package as it goes out: each file is hashed on its way, and nothing is whole in memory. Owner: one export.</summary>
/// <param name="zip">The archive, which is written only.</param>
/// <param name="at">The time that its entries carry.</param>
internal sealed class PackageWriter(ZipArchive zip, DateTimeOffset at)
{
    private readonly List<PackageFile> _files = [];

    /// <summary>What was written, in its order.</summary>
    public IReadOnlyList<PackageFile> Files => _files;

    /// <summary>Writes a file and notes its hash.</summary>
    /// <param name="isPacked">False for what is packed already.</param>
    public async Task<PackageFile> AddAsync(string path, string kind, bool isPacked, Func<Stream, Task> write, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = await WriteAsync(path, isPacked, hash, write, cancellation);
        var file = new PackageFile(path, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), kind);
        _files.Add(file);
        return file;
    }

    public Task<PackageFile> AddAsync(string path, string kind, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        AddAsync(path, kind, isPacked: true, stream => stream.WriteAsync(content, cancellation).AsTask(), cancellation);

    public Task<PackageFile> AddFileAsync(string path, string kind, bool isPacked, string source, CancellationToken cancellation) =>
        AddAsync(path, kind, isPacked, async stream =>
        {
            await using var file = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 128 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await file.CopyToAsync(stream, 128 * 1024, cancellation);
        }, cancellation);

    /// <summary>Writes the manifest or the seal, which no list names.</summary>
    public async Task CloseWithAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await WriteAsync(path, isPacked: true, hash, stream => stream.WriteAsync(content, cancellation).AsTask(), cancellation);
    }

    private async Task<long> WriteAsync(string path, bool isPacked, IncrementalHash hash, Func<Stream, Task> write, CancellationToken cancellation)
    {
        var entry = zip.CreateEntry(path, isPacked ? CompressionLevel.Fastest : CompressionLevel.NoCompression);
        entry.LastWriteTime = at;
        await using var body = await entry.OpenAsync(cancellation);
        var hashed = new HashedStream(body, hash);
        await write(hashed);
        return hashed.Written;
    }

    /// <summary>Passes bytes on and hashes them.</summary>
    private sealed class HashedStream(Stream inner, IncrementalHash hash) : Stream
    {
        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => Written;
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            hash.AppendData(buffer.Span);
            Written += buffer.Length;
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("An answer is written asynchronously.");

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

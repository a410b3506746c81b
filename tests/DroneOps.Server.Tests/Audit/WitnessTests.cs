using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Audit.Witnessing;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Audit;

/// <summary>The witness of another authority against a running server, and against one that lies.</summary>
public abstract class WitnessTests(Store store)
{
    private const string Name = "jiandu";

    [Fact]
    public async Task A_witness_signs_a_growing_log_and_the_server_keeps_what_it_vouches_for()
    {
        using var place = new Place();
        await using var server = await TestServer.StartAsync(store, Settings(place));
        using var auditor = await server.TokenAsync(Roles.Auditor);
        using var desk = await place.OpenAsync(auditor);

        Assert.True((await desk.LookAsync(auditor, default)).IsSigned);
        var first = Assert.Single(await auditor.GetAsync<WitnessedHead[]>("/api/v1/audit/witnesses"));
        for (var i = 0; i < 300; i++)
            await Log(server).AppendAsync(new AuditEntry("system", "test.happened", $"thing/{i}", null), default);
        Assert.True((await desk.LookAsync(auditor, default)).IsSigned);
        var second = Assert.Single(await auditor.GetAsync<WitnessedHead[]>("/api/v1/audit/witnesses"));

        Assert.Equal(Name, first.Name);
        Assert.True(second.Size >= first.Size + 300, $"{first.Size}, then {second.Size}");
        Assert.Equal(place.Time.GetUtcNow(), second.At);
        await server.RestartAsync();
        Assert.Equal(second, Assert.Single(server.Services.GetRequiredService<WitnessBook>().Heads));
        Assert.True(File.Exists(Path.Combine(server.DataFolder, "audit", AuditFiles.WitnessFile(Name))));
    }

    [Fact]
    public async Task A_note_that_the_witness_did_not_sign_is_refused()
    {
        using var place = new Place();
        await using var server = await TestServer.StartAsync(store, Settings(place));
        using var auditor = await server.TokenAsync(Roles.Auditor);
        var note = await auditor.GetStringAsync(new Uri("/api/v1/audit/checkpoint", UriKind.Relative));
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var bad in new[] { "", "garbage", note, Cosignature.Add(note, Name, stranger, place.Time.GetUtcNow()), new string('x', 5000) })
        {
            using var body = new StringContent(bad, Encoding.UTF8, "text/plain");
            using var answer = await auditor.PostAsync(new Uri("/api/v1/audit/cosignatures", UriKind.Relative), body);
            await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        }

        Assert.Null(Assert.Single(server.Services.GetRequiredService<WitnessBook>().Heads).At);
    }

    [Fact]
    public async Task A_log_that_was_written_anew_is_not_signed_and_the_proof_is_kept()
    {
        using var place = new Place();
        await using var server = await TestServer.StartAsync(store, Settings(place));
        using var auditor = await server.TokenAsync(Roles.Auditor);
        using var desk = await place.OpenAsync(auditor);
        Assert.True((await desk.LookAsync(auditor, default)).IsSigned);
        var signed = desk.Signed;

        // The keeper of the key shows another history of the same length and more.
        using var liar = new LyingServer(Path.Combine(server.DataFolder, "keys", "audit-signing-key.pem"), extra: 20);
        using var client = liar.Client();
        var look = await desk.LookAsync(client, default);

        Assert.True(look.IsFork, look.Sentence);
        Assert.Equal(signed, desk.Signed);
        Assert.Single(Directory.GetFiles(place.Folder, "fork-*.txt"));
        Assert.True((await desk.LookAsync(auditor, default)).IsSigned);
    }

    [Fact]
    public async Task A_log_that_was_cut_off_is_not_signed()
    {
        using var place = new Place();
        await using var server = await TestServer.StartAsync(store, Settings(place));
        using var auditor = await server.TokenAsync(Roles.Auditor);
        using var desk = await place.OpenAsync(auditor);
        for (var i = 0; i < 300; i++)
            await Log(server).AppendAsync(new AuditEntry("system", "test.happened", $"thing/{i}", null), default);
        Assert.True((await desk.LookAsync(auditor, default)).IsSigned);

        using var liar = new LyingServer(Path.Combine(server.DataFolder, "keys", "audit-signing-key.pem"), extra: 1);
        using var client = liar.Client();
        var look = await desk.LookAsync(client, default);
        Assert.False(look.IsSigned);
        Assert.Contains("cut off", look.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_mirrored_from_its_tiles_and_gives_the_signed_root()
    {
        await using var server = await TestServer.StartAsync(store);
        using var auditor = await server.TokenAsync(Roles.Auditor);
        for (var i = 0; i < 600; i++)
            await Log(server).AppendAsync(new AuditEntry("system", "test.happened", $"thing/{i}", null), default);
        var note = (await auditor.GetStringAsync(new Uri("/api/v1/audit/checkpoint", UriKind.Relative))).Split('\n');
        var size = int.Parse(note[1], System.Globalization.CultureInfo.InvariantCulture);
        var mirror = new MerkleTree();
        for (var tile = 0; tile * 256 < size; tile++)
        {
            var width = Math.Min(256, size - (tile * 256));
            var number = width == 256 ? $"{tile:000}" : $"{tile:000}.p/{width}";
            var hashes = await auditor.GetByteArrayAsync(new Uri($"/api/v1/audit/tile/0/{number}", UriKind.Relative));
            var entries = await auditor.GetByteArrayAsync(new Uri($"/api/v1/audit/tile/entries/{number}", UriKind.Relative));
            Assert.Equal(width * 32, hashes.Length);
            var at = 0;
            for (var leaf = 0; leaf < width; leaf++)
            {
                var length = (entries[at] << 8) | entries[at + 1];
                var hash = AuditFormat.LeafHash(entries.AsSpan(at + 2, length));
                Assert.Equal(hashes.AsSpan(leaf * 32, 32).ToArray(), hash);
                mirror.Append(hash);
                at += 2 + length;
            }

            Assert.Equal(entries.Length, at);
        }

        Assert.Equal(note[2], Convert.ToBase64String(mirror.Root()));
        Assert.Equal((size + 255) / 256, Log(server).Read(size, Log(server).Count).Count(entry => entry.Action == "audit.read"));
        var uppers = await auditor.GetByteArrayAsync(new Uri("/api/v1/audit/tile/1/000.p/2", UriKind.Relative));
        Assert.Equal(64, uppers.Length);
        foreach (var absent in new[] { "0/009", "0/000.p/256", "0/000.p/0", "0/x000/000", "0/1", "1/000", "7/000", "0/002.p/255", "entries/009", "0/-01" })
        {
            using var answer = await auditor.GetAsync(new Uri($"/api/v1/audit/tile/{absent}", UriKind.Relative));
            Assert.Equal((absent, HttpStatusCode.NotFound), (absent, answer.StatusCode));
        }
    }

    private static AuditLog Log(TestServer server) => server.Services.GetRequiredService<AuditLog>();

    private static (string, string)[] Settings(Place place) => [("Audit:Witnesses:0:Name", Name), ("Audit:Witnesses:0:PublicKeyFile", place.PublicKeyFile)];

    public sealed class OnSqlite() : WitnessTests(Store.Sqlite);

    public sealed class OnPostgres() : WitnessTests(Store.Postgres);

    /// <summary>The witness's own machine.</summary>
    private sealed class Place : IDisposable
    {
        public Place()
        {
            // Its key is made before the server knows it.
            using var none = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var desk = WitnessDesk.Open(Folder, Name, none, Time);
            PublicKeyFile = desk.PublicKeyFile;
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("droneops-witness-").FullName;

        public string PublicKeyFile { get; }

        public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero));

        private ECDsa LogKey { get; } = ECDsa.Create();

        public async Task<WitnessDesk> OpenAsync(HttpClient auditor)
        {
            LogKey.ImportFromPem(await auditor.GetStringAsync(new Uri("/api/v1/audit/publicKey", UriKind.Relative)));
            return WitnessDesk.Open(Folder, Name, LogKey, Time);
        }

        public void Dispose()
        {
            LogKey.Dispose();
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Another log with the real key, in the server's place.</summary>
    private sealed class LyingServer : HttpMessageHandler
    {
        private readonly ECDsa _key = ECDsa.Create();
        private readonly MerkleTree _tree = new();
        private readonly int _extra;

        public LyingServer(string keyFile, int extra)
        {
            _key.ImportFromPem(File.ReadAllText(keyFile));
            _extra = extra;
        }

        public HttpClient Client() => new(this, disposeHandler: false) { BaseAddress = new Uri("http://127.0.0.1") };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var from = request.RequestUri!.Query is { Length: > 6 } query ? long.Parse(query["?from=".Length..], System.Globalization.CultureInfo.InvariantCulture) : 0;
            var size = _extra == 1 ? 1 : from + _extra;
            while (_tree.Size < size)
                _tree.Append(AuditFormat.LeafHash(BitConverter.GetBytes(_tree.Size)));
            var note = new Checkpoint(AuditFolder.Origin, _tree.Size, _tree.Root()).Sign(_key);
            return Task.FromResult(
                request.RequestUri.AbsolutePath.EndsWith("/checkpoint", StringComparison.Ordinal) ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(note) }
                : from > _tree.Size ? new HttpResponseMessage(HttpStatusCode.BadRequest)
                : new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = JsonContent.Create(new AuditGrowth(from, _tree.Size, [.. _tree.ConsistencyProof(from, _ => []).Select(Convert.ToHexStringLower)], note)),
                });
        }

        protected override void Dispose(bool disposing)
        {
            _key.Dispose();
            base.Dispose(disposing);
        }
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Cli;

/// <summary>The program from outside: exit codes, one clear line, and what a kill -9 leaves.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("droneops-cli-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("no area", "serve", "--set", "Nowhere:Key=1")]
    [InlineData("no key", "serve", "--set", "Http:Prot=1")]
    [InlineData("between 3 and 100", "serve", "--set", "Accounts:LockAfter=1")]
    [InlineData("ConnectionString is needed", "serve", "--set", "Storage:Provider=Postgres")]
    [InlineData("--bogus", "serve", "--bogus")]
    [InlineData("99999 is not a port", "serve", "--port", "99999")]
    [InlineData("starts with 'foo'", "serve", "--set", "Links:0=foo://x")]
    [InlineData("the port is missing", "serve", "--set", "Links:0=udp-listen://0.0.0.0")]
    [InlineData("'x' is no value for 'baud'", "serve", "--set", "Links:0=serial:///dev/ttyUSB0?baud=x")]
    [InlineData("no folder", "serve", "--set", "Signing:KeyFolder=/nowhere")]
    [InlineData("not an IP address", "serve", "--set", "Http:KnownProxies:0=proxy")]
    [InlineData("is not a .csv", "import", "flights.pdf")]
    [InlineData("cannot be read", "import", "nowhere.csv")]
    [InlineData("wgs84 or gcj02", "import", "nowhere.csv", "--datum", "bd09")]
    [InlineData("role is one of", "token", "create", "--name", "x", "--role", "king")]
    public async Task Bad_usage_is_one_line_and_exit_code_2(string says, params string[] arguments)
    {
        var (code, _, error) = await Droneops.RunAsync([.. arguments, "--data", _data]);
        Assert.Equal(2, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_file_that_is_no_recording_is_wrong_and_one_that_is_not_there_is_bad_usage()
    {
        var file = Path.Combine(_data, "notes.txt");
        await File.WriteAllTextAsync(file, "no frames here");
        var (wrong, _, says) = await Droneops.RunAsync("replay", file, "--json");
        Assert.Equal(1, wrong);
        Assert.Contains("is not a recording", Assert.Single(says.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(2, (await Droneops.RunAsync("replay", Path.Combine(_data, "nowhere.tlog"))).Code);
    }

    [Fact]
    public async Task A_token_for_a_folder_that_is_not_there_is_bad_usage()
    {
        var (code, _, error) = await Droneops.RunAsync("token", "create", "--name", "x", "--role", "pilot", "--data", Path.Combine(_data, "nowhere"));
        Assert.Equal(2, code);
        Assert.Contains("no data folder", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("serve", "--help")]
    [InlineData("plan", "--help")]
    [InlineData("replay", "--help")]
    [InlineData("import", "--help")]
    [InlineData("audit", "export", "--help")]
    [InlineData("audit", "verify", "--help")]
    [InlineData("token", "create", "--help")]
    [InlineData("--version")]
    public async Task Every_command_explains_itself(params string[] arguments)
    {
        var (code, output, error) = await Droneops.RunAsync(arguments);
        Assert.Equal((0, ""), (code, error));
        Assert.NotEqual("", output);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_and_exit_code_2()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (code, _, error) = await Droneops.RunAsync("serve", "--data", _data, "--port", $"{port}");
        Assert.Equal(2, code);
        Assert.Contains("--port", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_one_line_and_exit_code_2()
    {
        var file = Path.Combine(_data, "file");
        await File.WriteAllTextAsync(file, "");
        var (code, _, error) = await Droneops.RunAsync("serve", "--data", Path.Combine(file, "below"));
        Assert.Equal(2, code);
        Assert.Contains("data folder", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_server_is_killed()
    {
        using var server = Droneops.Start("serve", "--data", _data, "--port", "0", "--demo", "--set", "Links:0=udp-listen://127.0.0.1:0");
        var address = await ListeningAsync(server.StandardOutput);
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        var refused = 0;
        for (; refused < 5; refused++)
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/session", new { userName = $"ghost-{refused}", password = "wrong" });
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        // A second server on the folder is refused while the first one lives.
        var (second, _, _) = await Droneops.RunAsync("serve", "--data", _data, "--port", "0");
        Assert.Equal(2, second);

        server.Kill();
        await server.WaitForExitAsync();
        var export = Path.Combine(_data, "export");
        var (exported, _, _) = await Droneops.RunAsync("audit", "export", "--data", _data, "--out", export);
        var (verified, text, _) = await Droneops.RunAsync("audit", "verify", export);
        Assert.Equal((0, 0), (exported, verified));
        Assert.StartsWith("OK ", text, StringComparison.Ordinal);
        var entries = await File.ReadAllTextAsync(Path.Combine(export, "entries-000000000000.log"));
        Assert.All(Enumerable.Range(0, refused), number => Assert.Contains($"account/ghost-{number}\"", entries, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_export_is_exit_code_1_and_names_the_entry()
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Golden", "audit");
        foreach (var file in Directory.EnumerateFiles(golden))
        {
            File.Copy(file, Path.Combine(_data, Path.GetFileName(file)));
        }

        var (good, _, _) = await Droneops.RunAsync("audit", "verify", _data);
        var log = Path.Combine(_data, "entries-000000000000.log");
        await File.WriteAllTextAsync(log, (await File.ReadAllTextAsync(log)).Replace("vehicle/1", "vehicle/2", StringComparison.Ordinal));
        var (bad, text, _) = await Droneops.RunAsync("audit", "verify", _data);
        var (missing, _, _) = await Droneops.RunAsync("audit", "verify", Path.Combine(_data, "nowhere"));
        Assert.Equal((0, 1, 2), (good, bad, missing));
        Assert.StartsWith("BAD entry 1:", text, StringComparison.Ordinal);
    }

    private static async Task<string> ListeningAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (line.Split("listens on ") is [_, var rest])
            {
                // From here on nobody reads, and a full pipe would stop the server's log.
                _ = output.BaseStream.CopyToAsync(Stream.Null);
                return rest.Split(';')[0];
            }
        }

        throw new InvalidOperationException("The server ended before it listened.");
    }
}

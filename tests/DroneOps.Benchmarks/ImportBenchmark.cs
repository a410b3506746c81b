using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace DroneOps.Benchmarks;

/// <summary>History of another system, a hundred thousand lines in one file, into the real program: how long it takes, and whether its memory stays
/// where it was.</summary>
internal sealed class ImportBenchmark : ISystemBenchmark
{
    private const int Usual = 100_000;
    private const int Samples = 8;
    private const double MegaByte = 1024 * 1024;

    /// <summary>What the second half of the file may add to the memory of the first.</summary>
    private const double MostGrowthMb = 100;

    private static readonly DateTimeOffset Begin = new(2025, 1, 1, 0, 0, 0, TimeSpan.FromHours(8));

    public string Name => "import";

    public string Summary => "a history of 100,000 incidents as CSV: lines a second, and memory while it is read [LINES]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var lines = arguments is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : Usual;
        await using var server = await ServerProcess.StartAsync(null, cancellationToken);
        var token = await server.TokenAsync(cancellationToken);
        using HttpClient http = new() { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var file = Encoding.UTF8.GetBytes(Csv(lines));
        var before = server.Memory;
        var began = TimeProvider.System.GetTimestamp();
        using var body = new ByteArrayContent(file);
        body.Headers.ContentType = new MediaTypeHeaderValue("text/csv") { CharSet = "utf-8" };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/incidents/import?datum=wgs84") { Content = body };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException(await answer.Content.ReadAsStringAsync(cancellationToken));

        var (taken, samples) = await FollowAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), server, lines, cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        Say($"{lines:N0} lines, {file.Length / MegaByte:F1} MB: {took:F1} s, {lines / took:F0} lines a second, {taken:N0} taken");
        Say($"memory, MB: {before / MegaByte:F0} before; then {string.Join(' ', samples.Select(sample => string.Create(CultureInfo.InvariantCulture, $"{sample / MegaByte:F0}")))}");
        var growth = (samples[(samples.Count / 2)..].Max() - samples[..(samples.Count / 2)].Max()) / MegaByte;
        Say($"the second half added {growth:F0} MB at most (limit {MostGrowthMb:F0})");
        return taken == lines && growth <= MostGrowthMb ? 0 : 1;
    }

    /// <summary>Reads the answer as it comes, line of the file by line, and looks at the memory now and then.</summary>
    private static async Task<(int Taken, List<long> Memory)> FollowAsync(Stream answer, ServerProcess server, int lines, CancellationToken cancellation)
    {
        var said = "\"result\":\"taken\""u8.ToArray();
        var (taken, matched, every) = (0, 0, Math.Max(1, lines / Samples));
        List<long> memory = [];
        var buffer = new byte[64 * 1024];
        for (int read; (read = await answer.ReadAsync(buffer, cancellation)) > 0;)
        {
            foreach (var one in buffer.AsSpan(0, read))
            {
                matched = one == said[matched] ? matched + 1 : one == said[0] ? 1 : 0;
                if (matched < said.Length)
                    continue;
                matched = 0;
                if (++taken % every == 0)
                    memory.Add(server.Memory);
            }
        }

        return (taken, memory);
    }

    private static string Csv(int lines)
    {
        var random = new Random(110);
        var text = new StringBuilder("警情编号,警情类别,等级,报警时间,地址,经度,纬度,简要警情,到场时间,处置结果\n");
        for (var line = 0; line < lines; line++)
        {
            var at = Begin.AddMinutes(line * 5.0);
            text.Append(CultureInfo.InvariantCulture, $"BENCH-{line:000000},盗窃,{random.Next(1, 5)},{at:yyyy-MM-dd HH:mm:ss},新华西路 {random.Next(1, 400)} 号,{117.63 + (random.NextDouble() * 0.06):F6},{24.49 + (random.NextDouble() * 0.05):F6},\"电动车被盗，车身黑色\",{at.AddMinutes(random.Next(2, 20)):yyyy-MM-dd HH:mm:ss},已处置\n");
        }

        return text.ToString();
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}

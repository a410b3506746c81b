using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DroneOps.Server.Audit;
using DroneOps.Server.Cli;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace DroneOps.Server.Sorties.Import;

/// <summary><c>droneops import</c>: files of flights into a data folder that no server holds.</summary>
internal static class ImportCommand
{
    private static readonly JsonSerializerOptions Written = new(CommonOptions.Written) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Tables (.csv), tracks (.gpx) or telemetry logs (.tlog)", Arity = ArgumentArity.OneOrMore };
        var data = CommonOptions.Data();
        var isDryRun = new Option<bool>("--dry-run") { Description = "Say what would become of them; write nothing" };
        var datum = new Option<string>("--datum") { Description = "The datum of their coordinates: wgs84 or gcj02", HelpName = "DATUM", DefaultValueFactory = _ => "wgs84" };
        var vehicle = new Option<string?>("--vehicle") { Description = "The drone, where a file does not name it", HelpName = "NAME" };
        var pilot = new Option<string?>("--pilot") { Description = "The pilot, where a file does not name one", HelpName = "NAME" };
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var command = new Command("import", "Take the flights of other systems into a data folder's flight log") { files, data, isDryRun, datum, vehicle, pilot, set, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(datum) is not ("wgs84" or "gcj02"))
                throw new StartupException("--datum is wgs84 or gcj02.");
            var terms = new FileTerms(parsed.GetValue(datum) == "gcj02", parsed.GetValue(vehicle), parsed.GetValue(pilot), TimeProvider.System.GetUtcNow());
            var reports = await RunAsync(parsed.GetRequiredValue(files), terms, parsed.GetValue(isDryRun), CommonOptions.Settings(parsed, set, data), cancellation);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(reports, Written) : string.Join(Environment.NewLine, reports.Select(Text)));
            return reports.Any(report => report.Refused > 0) ? Terminal.Wrong : Terminal.Ok;
        });
        return command;
    }

    /// <summary>Takes the files.</summary>
    /// <param name="settings">The command-line layer of the configuration.</param>
    /// <exception cref="StartupException">A server holds the folder, or a file cannot be read.</exception>
    public static async Task<IReadOnlyList<ImportReport>> RunAsync(
        IReadOnlyList<string> files, FileTerms terms, bool isDryRun, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellation)
    {
        var storage = CommonOptions.Read<StorageOptions>("Storage", settings);
        var options = CommonOptions.Read<SortiesOptions>("Sorties", settings);

        // Before anything is opened: a name that is wrong is wrong before the first file is taken.
        List<FlightFile> opened = [];
        foreach (var path in files)
            opened.Add(await OpenAsync(path, cancellation));
        using var folder = DataFolder.Take(storage.DataFolder);
        FlightFile.ForgetUploads(folder);
        await using var audit = AuditModule.Open(folder, TimeProvider.System, problem => Environment.FailFast("The audit log cannot be written.", problem), NullLogger<AuditLog>.Instance);
        await using (var db = StorageModule.Open(storage))
            await db.Database.MigrateAsync(cancellation);
        using var import = new FlightImport(() => StorageModule.Open(storage), audit, folder, new LaunchPurposes(options.PurposesInForce()), options, TimeProvider.System);
        List<ImportReport> reports = [];
        foreach (var file in opened)
        {
            try
            {
                reports.Add(await import.RunAsync(file, terms, isDryRun, $"shell:{Environment.UserName}", cancellation));
            }
            catch (UnreadableFileException wrong)
            {
                throw new StartupException($"{file.Name}: {wrong.Message}", wrong);
            }
        }

        return reports;
    }

    private static async Task<FlightFile> OpenAsync(string path, CancellationToken cancellation)
    {
        if (FlightFile.FormatOf(path) is not { } format)
            throw new StartupException($"{path} is not a .csv, .tsv, .txt, .gpx or .tlog.");
        try
        {
            var file = await FlightFile.AtAsync(path, format, cancellation);
            return file.Bytes <= FlightFile.MostBytes(format) ? file : throw new StartupException($"{path}: {FlightFile.TooLarge(format)}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{path} cannot be read: {problem.Message}", problem);
        }
    }

    private static string Text(ImportReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{report.File} ({report.Format.ToString().ToLowerInvariant()}{(report.Encoding is { } encoding ? $", {encoding}" : "")}), SHA-256 {report.Sha256}{(report.IsDryRun ? "; nothing is written" : "")}");
        foreach (var column in report.Columns)
            text.AppendLine(CultureInfo.InvariantCulture, $"  column '{column.Heading}': {column.UnderstoodAs ?? "not understood"}");
        foreach (var remark in report.Remarks)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {remark.Why}");
        foreach (var item in report.Items)
            text.AppendLine(CultureInfo.InvariantCulture, $"  row {item.Row} {item.Result}: {string.Join(' ', item.Remarks.Select(remark => $"{remark.Field}: {remark.Why}"))}");
        if (report.ItemsLeftOff > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"  and {report.ItemsLeftOff} more");
        text.Append(CultureInfo.InvariantCulture, $"  {report.Taken} taken, {report.Known} known, {report.Refused} refused; sorties {report.Before.Sorties} -> {report.After.Sorties}, airborne {report.Before.AirborneSeconds / 3600:0.00} h -> {report.After.AirborneSeconds / 3600:0.00} h");
        return text.ToString();
    }
}

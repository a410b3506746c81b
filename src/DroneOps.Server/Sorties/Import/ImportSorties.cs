using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace DroneOps.Server.Sorties.Import;

/// <summary><c>POST /sorties/import</c>: the flights of another system or of another ground station. The content type says what the file is.</summary>
internal static class ImportSorties
{
    private const int LongestName = 200;

    private static readonly Dictionary<string, FlightFormat> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["text/csv"] = FlightFormat.Csv,
        ["text/plain"] = FlightFormat.Csv,
        ["text/tab-separated-values"] = FlightFormat.Csv,
        ["application/vnd.ms-excel"] = FlightFormat.Csv,
        ["application/gpx+xml"] = FlightFormat.Gpx,
        ["application/xml"] = FlightFormat.Gpx,
        ["text/xml"] = FlightFormat.Gpx,
        ["application/octet-stream"] = FlightFormat.Tlog,
    };

    public static void Map(RouteGroupBuilder group) => group.MapPost("/import", HandleAsync).RequireAuthorization(Policies.Administer)
        .Accepts<Stream>("text/csv", [.. Formats.Keys.Where(type => type != "text/csv")]).WithMetadata(new RequestSizeLimitAttribute(FlightFile.MostLogBytes))
        .WithSummary("Flights of another system: a table (text/csv; UTF-8 or GB18030), tracks (application/gpx+xml) or a telemetry log (application/octet-stream); dryRun=true writes nothing")
        .WithDescription("file is its name; datum=wgs84|gcj02 that of its coordinates; vehicle and pilot say who flew where the file does not.");

    private static async Task<Results<Ok<ImportReport>, ProblemHttpResult>> HandleAsync(
        string? file, string? datum, string? vehicle, string? pilot, bool? dryRun, HttpContext context, ClaimsPrincipal user, FlightImport import, DataFolder data, TimeProvider time, CancellationToken cancellation)
    {
        if (datum is not (null or "wgs84" or "gcj02"))
            return Problems.Invalid(new Fault("datum", "datum is wgs84 or gcj02."));
        if (vehicle?.Length > LongestName || pilot?.Length > LongestName)
            return Problems.Invalid(new Fault("vehicle", $"vehicle and pilot are at most {LongestName} characters."));
        var type = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!Formats.TryGetValue(type, out var format))
            return Problems.Other(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The request is refused.", $"Flights are read from {string.Join(", ", Formats.Keys)}.");
        using var taken = context.Request.ContentLength > FlightFile.MostBytes(format) ? null : await FlightFile.TakeAsync(context.Request.Body, Named(file, format), format, data, cancellation);
        if (taken is null)
            return Problems.Other(StatusCodes.Status413PayloadTooLarge, "too-large", "The request is refused.", FlightFile.TooLarge(format));
        try
        {
            return TypedResults.Ok(await import.RunAsync(taken, new FileTerms(datum == "gcj02", Said(vehicle), Said(pilot), time.GetUtcNow()), dryRun == true, user.Actor(), cancellation));
        }
        catch (UnreadableFileException wrong)
        {
            return Problems.Invalid(new Fault("body", wrong.Message));
        }
    }

    private static string Named(string? file, FlightFormat format) => Said(file) ?? $"upload.{format.ToString().ToLowerInvariant()}";

    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

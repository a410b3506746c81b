using System.Text.Json;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary>Reads the library's files of ready-made features. A fault in one stops: a map with a hole in it is worse than none.</summary>
internal static class LibraryFiles
{
    /// <summary>The features of one file.</summary>
    /// <param name="at">The time they are said to be drawn at.</param>
    /// <exception cref="StartupException">It cannot be read; the message names the feature.</exception>
    public static List<Feature> Read(string file, byte[] bytes, FeatureKind kind, Envelope city, DateTimeOffset at)
    {
        try
        {
            using var collection = JsonDocument.Parse(bytes);
            return [.. collection.RootElement.GetProperty("features").EnumerateArray().Select((sent, index) => Read(file, index, sent, kind, city, at))];
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new StartupException($"The library file {file} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Everything in a library folder, for planning without a database.</summary>
    /// <exception cref="StartupException">A file cannot be read.</exception>
    public static AirspaceSnapshot ReadAll(string folder, Envelope city, DateTimeOffset at) => AirspaceSnapshot.Of(
        FeatureKind.All.Select(kind => (Kind: kind, File: Path.Combine(folder, kind.LibraryFile))).Where(library => File.Exists(library.File))
            .SelectMany(library => Read(library.File, File.ReadAllBytes(library.File), library.Kind, city, at)));

    private static Feature Read(string file, int index, JsonElement sent, FeatureKind kind, Envelope city, DateTimeOffset at)
    {
        var faults = new List<Fault>();
        if (FeatureInput.Read(sent, kind, city, faults) is not { Id: { } id } input)
        {
            throw new StartupException($"The library file {file}, feature {index}: {string.Join(" ", faults.Select(fault => $"{fault.Pointer}: {fault.Detail}"))}");
        }

        return new Feature { Kind = kind.Name, Id = id, Properties = FeatureKind.Write(input.Properties), Shape = input.Shape, ChangedAt = at, ChangedBy = Actors.System };
    }
}

using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Incidents;

/// <summary>Reads one line of a history file. Pure: the city, its names and its types in, an incident or what is wrong out.</summary>
/// <param name="datum">In which datum the file's coordinates are; null when nobody said, which is taken for WGS-84 unless they look shifted.</param>
internal sealed class HistoryRow(HistoryColumns columns, Envelope city, Gazetteer gazetteer, IncidentTypes types, HistoryDatum? datum, string actor, DateTimeOffset now)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, int> Priorities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["1"] = 1,
        ["P1"] = 1,
        ["一"] = 1,
        ["一级"] = 1,
        ["1级"] = 1,
        ["I"] = 1,
        ["紧急"] = 1,
        ["特急"] = 1,
        ["urgent"] = 1,
        ["emergency"] = 1,
        ["2"] = 2,
        ["P2"] = 2,
        ["二"] = 2,
        ["二级"] = 2,
        ["2级"] = 2,
        ["II"] = 2,
        ["优先"] = 2,
        ["high"] = 2,
        ["3"] = 3,
        ["P3"] = 3,
        ["三"] = 3,
        ["三级"] = 3,
        ["3级"] = 3,
        ["III"] = 3,
        ["一般"] = 3,
        ["普通"] = 3,
        ["routine"] = 3,
        ["normal"] = 3,
        ["4"] = 4,
        ["P4"] = 4,
        ["四"] = 4,
        ["四级"] = 4,
        ["4级"] = 4,
        ["IV"] = 4,
        ["低"] = 4,
        ["low"] = 4,
    };

    private static readonly (HistoryField Field, int Most)[] Lengths = [(HistoryField.Number, 100), (HistoryField.Type, 64), (HistoryField.Address, 500), (HistoryField.Summary, 2000), (HistoryField.Note, 2000)];

    /// <summary>Reads a line.</summary>
    /// <param name="remarks">What was left out of it or is doubtful; why it is refused when it is.</param>
    /// <returns>The incident, closed; null when the line is refused.</returns>
    public IncidentRecord? Read(string[] fields, out IReadOnlyList<string> remarks)
    {
        List<string> said = [];
        remarks = said;
        if (columns.Of(HistoryField.Number, fields) is not { } number)
            said.Add("It has no number.");
        else if (Lengths.Where(length => columns.Of(length.Field, fields)?.Length > length.Most).Select(length => $"Its {length.Field} is longer than {length.Most} characters.").FirstOrDefault() is { } tooLong)
            said.Add(tooLong);
        else if (ReportedAt(fields, said) is { } at && Priority(fields, said) is { } priority && Place(fields, said) is { } place && Counts(fields, said) is { } outcomes)
            return Record(fields, number, at, priority, place, outcomes, said);
        return null;
    }

    private IncidentRecord Record(string[] fields, string number, DateTimeOffset at, int priority, GeoPoint place, OutcomeCounts outcomes, List<string> remarks)
    {
        var type = columns.Of(HistoryField.Type, fields) ?? "other";
        if (types.Find(type) is null)
            remarks.Add($"The type '{type}' is not one of the city's; it is kept as it is.");
        var row = new IncidentRecord
        {
            Id = Guid.CreateVersion7(at),
            ExternalNumber = number,
            Type = types.Find(type)?.Code ?? type,
            Priority = priority,
            Summary = columns.Of(HistoryField.Summary, fields) ?? "",
            Address = columns.Of(HistoryField.Address, fields),
            ReportedAt = at,
            ReportedBy = actor,
            Shape = new Point(place.LongitudeDeg, place.LatitudeDeg),
            State = IncidentState.Closed,
            Source = IncidentSource.Import,
            Outcomes = outcomes,
            Note = columns.Of(HistoryField.Note, fields),
        };
        List<StageEntry> steps = [];
        foreach (var (step, text) in columns.StepsOf(fields))
        {
            if (CityTime.Read(text) is not { } reached)
                remarks.Add($"The time of {step}, '{text}', cannot be read and was left out.");
            else if (reached < at || reached > now + Ahead)
                remarks.Add($"The time of {step} lies before the call or in the future and was left out.");
            else
                steps.Add(new(step, reached, "import", actor));
        }

        if (!steps.Exists(entry => entry.Stage == IncidentStage.CallReceived))
            steps.Add(new(IncidentStage.CallReceived, at, "import", actor));
        row.Stages = [.. steps.OrderBy(entry => entry.Stage)];
        return row;
    }

    private DateTimeOffset? ReportedAt(string[] fields, List<string> faults)
    {
        if (columns.Of(HistoryField.ReportedAt, fields) is not { } text)
            faults.Add("It has no time of the call.");
        else if (CityTime.Read(text) is not { } at)
            faults.Add($"The time '{text}' is not like 2026-05-01 08:30:00.");
        else if (at > now + Ahead || at < Earliest)
            faults.Add($"The time '{text}' lies in the future or before 1990.");
        else
            return at;
        return null;
    }

    private int? Priority(string[] fields, List<string> faults)
    {
        if (columns.Of(HistoryField.Priority, fields) is not { } text)
            return 3;
        if (Priorities.TryGetValue(text, out var priority))
            return priority;
        faults.Add($"The priority '{text}' is not 1 (most urgent) to 4.");
        return null;
    }

    private GeoPoint? Place(string[] fields, List<string> faults)
    {
        var (east, north, address) = (columns.Of(HistoryField.Longitude, fields), columns.Of(HistoryField.Latitude, fields), columns.Of(HistoryField.Address, fields));
        if (east is null && north is null)
        {
            if (address is not null && gazetteer.Named(address) is [{ Position: [var knownLon, var knownLat] }])
                return new GeoPoint(knownLat, knownLon);
            faults.Add(address is null ? "It has no place." : $"It has no coordinates, and the gazetteer does not know just one '{address}'.");
            return null;
        }

        if (!TryDegrees(east, out var lon) || !TryDegrees(north, out var lat))
        {
            faults.Add($"The coordinates '{east}', '{north}' are not two numbers.");
            return null;
        }

        var place = datum == HistoryDatum.Gcj02 && new GeoPoint(lat, lon).IsValid ? Gcj02.ToWgs84(new GeoPoint(lat, lon)) : new GeoPoint(lat, lon);
        if (city.Contains(lat, lon))
            faults.Add("Longitude and latitude look swapped.");
        else if (IncidentPlace.Wrong(place.LongitudeDeg, place.LatitudeDeg, city) is not null)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{lon}, {lat} is outside the city."));
        else if (datum is null && IncidentPlace.ShiftFrom(place, address, gazetteer) is { } shift)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"The point lies {shift:F0} m from its address as in a GCJ-02 map: import with datum=gcj02, or with datum=wgs84 if it is right."));
        else
            return place;
        return null;
    }

    private OutcomeCounts? Counts(string[] fields, List<string> faults)
    {
        HistoryField[] kinds = [HistoryField.EvidenceCollected, HistoryField.ArrestCases, HistoryField.ArrestSuspects, HistoryField.DisasterRelief, HistoryField.PersonsRescued];
        var counts = new int[kinds.Length];
        for (var index = 0; index < kinds.Length; index++)
        {
            if (columns.Of(kinds[index], fields) is not { } text)
                continue;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out counts[index]) || counts[index] > 100_000)
            {
                faults.Add($"The {kinds[index]} '{text}' is not 0 to 100000.");
                return null;
            }
        }

        return new(counts[0], counts[1], counts[2], counts[3], counts[4]);
    }

    private static bool TryDegrees(string? text, out double degrees)
    {
        degrees = 0;
        return text is not null && double.TryParse(text.TrimEnd('°').Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out degrees) && double.IsFinite(degrees);
    }
}

/// <summary>In which datum coordinates come in.</summary>
internal enum HistoryDatum
{
    Wgs84,
    Gcj02,
}

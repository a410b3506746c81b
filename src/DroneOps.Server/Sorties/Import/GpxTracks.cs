using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Api;

namespace DroneOps.Server.Sorties.Import;

/// <summary>The flights of a GPX file, one a track. Streams: one track is in memory.</summary>
/// <remarks>GPX 1.1: a point has its place in attributes, its elevation in metres above sea level and its time in UTC. No entity is expanded and
/// nothing outside the file is looked at.</remarks>
internal sealed partial class GpxTracks : FlightReader
{
    /// <summary>A day at five points a second.</summary>
    private const int MostPoints = 500_000;
    private const int LongestName = 200;
    private const double LowestM = -500;
    private const double HighestM = 20_000;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, IgnoreWhitespace = true };

    private readonly Stream _file;
    private readonly FileTerms _terms;
    private XmlReader? _xml;
    private int _number;
    private bool _isOver;

    public GpxTracks(Stream file, FileTerms terms) => (_file, _terms) = (file, terms);

    public override ReadFlight? Next()
    {
        if (_isOver)
            return null;
        try
        {
            // Made here: it reads the first bytes at once, and what they are may be no text.
            _xml ??= XmlReader.Create(_file, Settings);
            while (_xml.Read())
            {
                if (_xml is { NodeType: XmlNodeType.Element, LocalName: "trk" })
                    return Flight(NextTrack(_xml));
            }

            _isOver = true;
            return _number > 0 ? null : ReadFlight.Refused(1, "file", "There is no track in the file.");
        }
        catch (XmlException broken)
        {
            _isOver = true;
            return ReadFlight.Refused(_number + 1, "file", $"The file breaks off in line {broken.LineNumber}: it is not XML there. Nothing after it was read.");
        }
    }

    public override void Dispose() => _xml?.Dispose();

    private Track NextTrack(XmlReader xml)
    {
        _number++;
        return Track.Read(xml);
    }

    private ReadFlight Flight(Track track)
    {
        List<ImportRemark> remarks = [];
        if (track.TooMany)
            return ReadFlight.Refused(_number, "points", $"The track has more than {MostPoints} points.");
        if ((_terms.Vehicle ?? NameWithoutTime(track.Name)) is not { Length: > 0 and <= LongestName } vehicle)
            return ReadFlight.Refused(_number, "vehicle", "The track names no drone, and none was said for the file.");
        if (track.Timeless > 0)
            remarks.Add(new("points", $"{track.Timeless} points have no time or no place and were left out."));
        var points = InOrder(track, out var backwards);
        if (backwards > 0)
            remarks.Add(new("points", $"{backwards} points go back in time and were left out."));
        if (points.Count < 2)
            return ReadFlight.Refused(_number, "points", "The track has fewer than two points with a time and a place.");
        if (FlightTimes.Wrong(points[0].At, points[^1].At, _terms.Now) is { } wrong)
            return ReadFlight.Refused(_number, wrong.Field, wrong.Why);
        if (track.HasHeights)
            remarks.Add(new("maxHeight", "Heights are taken above the first point."));
        else
            remarks.Add(new("maxHeight", "The track has no heights: its points stand at 0 m."));
        remarks.Add(new("takeoffAt", "Take-off and landing are the first and the last point: what was before and after is not in the file."));
        return new(_number, Flown(vehicle, track, points), remarks);
    }

    private HistoricFlight Flown(string vehicle, Track track, List<TrackPoint> points)
    {
        var breaks = track.Breaks.Where(gap => gap.From >= points[0].At && gap.To <= points[^1].At).ToList();
        return new()
        {
            Vehicle = vehicle,
            Pilot = _terms.Pilot,
            Task = track.Name is { Length: <= LongestName } ? track.Name : null,
            Track = points,
            Draft = new()
            {
                TakeoffAt = points[0].At,
                TakeoffSource = ClockSource.Imported,
                LandedAt = points[^1].At,
                LandingSource = ClockSource.Imported,
                LastHeardAt = points[^1].At,
                DistanceM = points.Zip(points.Skip(1), Metres).Sum(),
                MaxAltitudeAboveHomeM = track.HasHeights ? points.Max(point => point.AltitudeAboveHomeM) : null,
                MaxAltitudeAmslM = track.HasHeights ? points.Max(point => point.AltitudeAmslM) : null,
                MaxSpeedMps = points.Max(point => point.SpeedMps),
                Gaps = [.. breaks.Select(gap => new LinkGap(gap.From, gap.To))],
            },
        };
    }

    /// <summary>The points in WGS-84 with speeds and heights; those that go back in time are left out.</summary>
    private List<TrackPoint> InOrder(Track track, out int backwards)
    {
        backwards = 0;
        List<TrackPoint> points = [];
        var home = track.Points.Select(point => point.ElevationM).FirstOrDefault(elevation => elevation is not null) ?? 0;
        var amsl = home;
        foreach (var point in track.Points)
        {
            if (points is [.., var before] && point.At <= before.At)
            {
                backwards++;
                continue;
            }

            amsl = point.ElevationM ?? amsl;
            var place = _terms.Place(point.Lat, point.Lon);
            var made = new TrackPoint(point.At, place.LongitudeDeg, place.LatitudeDeg, amsl, amsl - home, 0);
            points.Add(points is [.., var last] ? made with { SpeedMps = Math.Round(Metres(last, made) / (made.At - last.At).TotalSeconds, 2) } : made);
        }

        return points;
    }

    private static double Metres(TrackPoint from, TrackPoint to)
    {
        var plane = new LocalPlane(new Mavlink.GeoPoint(from.Lat, from.Lon));
        var at = plane.ToPlane(new Mavlink.GeoPoint(to.Lat, to.Lon));
        return Math.Sqrt((at.EastM * at.EastM) + (at.NorthM * at.NorthM));
    }

    /// <summary>What our own exports put behind the name of the drone is not part of it.</summary>
    private static string? NameWithoutTime(string? name) => name is null ? null : TimeBehind().Replace(name, "").Trim();

    [GeneratedRegex(@"\s+\d{4}-\d\d-\d\dT[\d:.]+Z?$", RegexOptions.CultureInvariant)]
    private static partial Regex TimeBehind();

    private readonly record struct Point(DateTimeOffset At, double Lat, double Lon, double? ElevationM);

    /// <summary>A track as it stands in the file.</summary>
    private sealed class Track
    {
        public string? Name { get; private set; }

        public List<Point> Points { get; } = [];

        /// <summary>Between the segments.</summary>
        public List<(DateTimeOffset From, DateTimeOffset To)> Breaks { get; } = [];

        /// <summary>How many points have no time or no place.</summary>
        public int Timeless { get; private set; }

        public bool TooMany { get; private set; }

        public bool HasHeights { get; private set; }

        /// <summary>Reads to the end of the track that the reader stands at the beginning of.</summary>
        public static Track Read(XmlReader xml)
        {
            var track = new Track();
            if (xml.IsEmptyElement)
                return track;
            var depth = xml.Depth;
            var isNewSegment = false;
            var isRead = xml.Read();
            while (isRead && xml.Depth > depth)
            {
                if (xml is { NodeType: XmlNodeType.Element, LocalName: "name" } && xml.Depth == depth + 1)
                {
                    track.Name = TextOf(xml, LongestName);
                    isRead = !xml.EOF;
                    continue;
                }

                if (xml is { NodeType: XmlNodeType.Element, LocalName: "trkseg" })
                    isNewSegment = true;
                else if (xml is { NodeType: XmlNodeType.Element, LocalName: "trkpt" })
                    track.Add(PointOf(xml), ref isNewSegment);
                isRead = xml.Read();
            }

            return track;
        }

        private void Add(Point? read, ref bool isNewSegment)
        {
            if (read is not { } point)
            {
                Timeless++;
                return;
            }

            if (Points.Count == MostPoints)
            {
                TooMany = true;
                return;
            }

            if (isNewSegment && Points is [.., var last] && point.At > last.At)
                Breaks.Add((last.At, point.At));
            isNewSegment = false;
            HasHeights |= point.ElevationM is not null;
            Points.Add(point);
        }

        /// <summary>Reads a point to its end; null when it has no place or no time.</summary>
        private static Point? PointOf(XmlReader xml)
        {
            var isPlace = TryNumber(xml.GetAttribute("lat"), out var lat) & TryNumber(xml.GetAttribute("lon"), out var lon);
            DateTimeOffset? at = null;
            double? elevation = null;
            if (!xml.IsEmptyElement)
            {
                var depth = xml.Depth;
                var isRead = xml.Read();
                while (isRead && xml.Depth > depth)
                {
                    var isChild = xml.NodeType == XmlNodeType.Element && xml.Depth == depth + 1;
                    if (isChild && xml.LocalName == "ele")
                        elevation = TryNumber(TextOf(xml, 40), out var metres) && metres is >= LowestM and <= HighestM ? metres : null;
                    else if (isChild && xml.LocalName == "time")
                        at = Rfc3339.TryParse(TextOf(xml, 40)?.Trim() ?? "", out var said) ? said.ToUniversalTime() : null;
                    else
                        isRead = xml.Read();
                    isRead &= !xml.EOF;
                }
            }

            return isPlace && at is { } time && new Mavlink.GeoPoint(lat, lon).IsValid ? new Point(time, lat, lon, elevation) : null;
        }

        /// <summary>The text of an element, which is read to behind its end; null when it is longer than that.</summary>
        private static string? TextOf(XmlReader xml, int longest)
        {
            var text = new StringBuilder();
            if (xml.IsEmptyElement)
            {
                xml.Read();
                return null;
            }

            var depth = xml.Depth;
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace && text.Length <= longest)
                    text.Append(xml.Value.AsSpan(0, Math.Min(xml.Value.Length, longest + 1)));
            }

            xml.Read();
            return text.Length > 0 && text.Length <= longest ? text.ToString().Trim() : null;
        }

        private static bool TryNumber(string? text, out double number) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }
}

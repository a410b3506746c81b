using System.Globalization;
using System.Text;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Items;

namespace DroneOps.Missions.Files;

/// <summary>A <c>.waypoints</c> file: the tab-separated list that Mission Planner, MAVProxy and QGroundControl exchange. Row 0 is home,
/// the rest are the mission. Written as version 110; 110 and the old 100 are read.</summary>
/// <remarks>A file is read whole or not at all; the first thing wrong is named by line and column. Coordinates are kept to 1e-7 degree,
/// MAVLink's own step.</remarks>
public sealed record WaypointsFile
{
    /// <summary>The longest file that is read, characters.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    /// <summary>The most rows that are read, home included.</summary>
    public const int MaxRows = 10_000;

    private const string Header110 = "QGC WPL 110";

    /// <summary>Row 0: home, or null in an empty file.</summary>
    public PlanItem? Home { get; init; }

    /// <summary>The rows after home, in order.</summary>
    public required IReadOnlyList<PlanItem> Items { get; init; }

    /// <summary>Where the file's home is, or null when row 0 has no position (0, 0 stands for "not known").</summary>
    public LaunchPoint? Launch => Home is { Position: { } position } home && (home.X != 0 || home.Y != 0) ? new(position, home.Z) : null;

    /// <summary>Makes a file of a mission.</summary>
    /// <param name="home">Where home is.</param>
    /// <param name="items">The mission without home.</param>
    public static WaypointsFile Of(LaunchPoint home, IReadOnlyList<PlanItem> items) => new()
    {
        Home = PlanItem.At(MavCmd.NavWaypoint, MavFrame.Global, home.Position, home.AmslM),
        Items = items,
    };

    /// <summary>Reads a file, or says what is wrong. Codes: <c>waypoints.tooLong</c>, <c>waypoints.header</c>,
    /// <c>waypoints.version</c>, <c>waypoints.tooManyRows</c>, <c>waypoints.columns</c>, <c>waypoints.number</c>,
    /// <c>waypoints.sequence</c>, <c>waypoints.position</c>, <c>waypoints.command</c>.</summary>
    /// <param name="text">The file's text; a byte order mark and any line ends are accepted.</param>
    public static Validated<WaypointsFile> Read(string text) => new WaypointsReader(text).Read();

    /// <summary>The file's text, version 110, line ends LF.</summary>
    public string Write()
    {
        var text = new StringBuilder(Header110).Append('\n');
        var rows = Home is { } home ? Items.Prepend(home) : Items;
        var index = 0;
        foreach (var item in rows)
        {
            var isGlobal = item.HasGlobalFrame;
            text.Append(CultureInfo.InvariantCulture, $"{index}\t{(index == 0 ? 1 : 0)}\t{(int)item.Frame}\t{(int)item.Command}\t")
                .Append(CultureInfo.InvariantCulture, $"{item.Param1}\t{item.Param2}\t{item.Param3}\t{item.Param4}\t")
                .Append(Coordinate(item.X, isGlobal)).Append('\t').Append(Coordinate(item.Y, isGlobal))
                .Append(CultureInfo.InvariantCulture, $"\t{item.Z}\t{(item.AutoContinue ? 1 : 0)}\n");
            index++;
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(WaypointsFile? other) => other is not null && Home == other.Home && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Home, Items.Count);

    private static string Coordinate(int value, bool isGlobal) => value == ItemNumbers.NotGiven ? "NaN"
        : isGlobal ? (value / 10_000_000m).ToString("0.0000000", CultureInfo.InvariantCulture)
        : value.ToString(CultureInfo.InvariantCulture);
}

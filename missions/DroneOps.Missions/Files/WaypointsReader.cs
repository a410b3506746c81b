using System.Globalization;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Items;

namespace DroneOps.Missions.Files;

/// <summary>Reads <see cref="WaypointsFile"/> text row by row.</summary>
internal sealed class WaypointsReader(string text)
{
    // Version 100 numbered its actions by itself.
    private static readonly Dictionary<int, MavCmd> OldActions = new()
    {
        [2] = MavCmd.NavTakeoff,
        [3] = MavCmd.NavReturnToLaunch,
        [4] = MavCmd.NavLand,
        [24] = MavCmd.NavTakeoff,
        [25] = MavCmd.NavWaypoint,
        [26] = MavCmd.NavLand,
        [27] = MavCmd.NavLoiterUnlim,
    };

    // Where each field stands in a row of either version: sequence, current, frame, command, p1..p4, x, y, z, autocontinue.
    private static readonly int[] Columns110 = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    private static readonly int[] Columns100 = [0, 7, 1, 2, 5, 6, 3, 4, 9, 8, 10, 12];

    private readonly List<InputFault> _faults = [];
    private int _line;
    private string[] _fields = [];

    public Validated<WaypointsFile> Read()
    {
        if (text.Length > WaypointsFile.MaxLength)
            return Validated<WaypointsFile>.Wrong("waypoints.tooLong", "line 1", $"The file has {text.Length} characters; at most {WaypointsFile.MaxLength} are read.");

        var lines = text.TrimStart('\uFEFF').Split('\n');
        var header = lines[0].Trim();
        if (!header.StartsWith("QGC WPL ", StringComparison.Ordinal))
            return Validated<WaypointsFile>.Wrong("waypoints.header", "line 1", "The first line is not \"QGC WPL 110\": this is not a waypoints file.");
        if (header["QGC WPL ".Length..].Trim() is not ("110" or "100") and var version)
            return Validated<WaypointsFile>.Wrong("waypoints.version", "line 1", $"Version \"{Clip(version)}\" is not read; 110 and 100 are.");

        var isOld = header.EndsWith("100", StringComparison.Ordinal);
        var rows = new List<PlanItem>();
        for (_line = 2; _line <= lines.Length; _line++)
        {
            var line = lines[_line - 1].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (rows.Count == WaypointsFile.MaxRows)
                return Validated<WaypointsFile>.Wrong("waypoints.tooManyRows", $"line {_line}", $"The file has more than {WaypointsFile.MaxRows} rows.");
            if (Row(line, isOld, rows.Count) is not { } row)
                return new(_faults);
            rows.Add(row);
        }

        return rows.Count == 0
            ? new(new WaypointsFile { Items = [] })
            : new(new WaypointsFile { Home = rows[0], Items = rows.GetRange(1, rows.Count - 1) });
    }

    private PlanItem? Row(string line, bool isOld, int expected)
    {
        var columns = isOld ? Columns100 : Columns110;
        var count = isOld ? 13 : 12;
        _fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (_fields.Length != count)
        {
            _faults.Add(new("waypoints.columns", $"line {_line}", $"The row has {_fields.Length} columns; version {(isOld ? 100 : 110)} has {count}."));
            return null;
        }

        if (Integer(columns[0], 0, int.MaxValue) is not { } sequence
            || Integer(columns[1], 0, 1) is null
            || Integer(columns[2], 0, 255) is not { } frame
            || Integer(columns[3], 0, 65_535) is not { } command
            || Number(columns[4]) is not { } p1 || Number(columns[5]) is not { } p2 || Number(columns[6]) is not { } p3 || Number(columns[7]) is not { } p4
            || Coordinate(columns[8], (MavFrame)frame, 90) is not { } x
            || Coordinate(columns[9], (MavFrame)frame, 180) is not { } y
            || Number(columns[10]) is not { } z
            || Integer(columns[11], 0, 1) is not { } autoContinue)
            return null;

        if (sequence != expected)
        {
            _faults.Add(new("waypoints.sequence", $"line {_line}, column {columns[0] + 1}", $"The row is number {sequence} where {expected} should come: rows are missing or out of order."));
            return null;
        }

        var action = (MavCmd)command;
        if (isOld && !OldActions.TryGetValue(command, out action))
        {
            _faults.Add(new("waypoints.command", $"line {_line}, column {columns[3] + 1}", $"Version 100 has no action {command}."));
            return null;
        }

        return new(action, (MavFrame)frame)
        {
            Param1 = p1,
            Param2 = p2,
            Param3 = p3,
            Param4 = p4,
            X = x,
            Y = y,
            Z = z,
            AutoContinue = autoContinue == 1,
        };
    }

    private int? Integer(int column, int least, int most)
    {
        if (int.TryParse(_fields[column], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        Wrong("waypoints.number", column, $"\"{Clip(_fields[column])}\" is not a whole number from {least} to {most}.");
        return null;
    }

    // Not a number stands for "left to the autopilot"; infinity stands for nothing.
    private float? Number(int column)
    {
        if (float.TryParse(_fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !float.IsInfinity(value))
            return value;
        Wrong("waypoints.number", column, $"\"{Clip(_fields[column])}\" is not a number.");
        return null;
    }

    private int? Coordinate(int column, MavFrame frame, double most)
    {
        if (!double.TryParse(_fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || double.IsInfinity(value))
        {
            Wrong("waypoints.number", column, $"\"{Clip(_fields[column])}\" is not a number.");
            return null;
        }

        var plain = PlanItem.IsGlobal(frame) ? ItemNumbers.Degrees(value, most) : ItemNumbers.Plain(value);
        if (plain is null)
            Wrong("waypoints.position", column, string.Create(CultureInfo.InvariantCulture, $"{value} is out of range."));
        return plain;
    }

    private void Wrong(string code, int column, string message) => _faults.Add(new(code, $"line {_line}, column {column + 1}", message));

    private static string Clip(string found) => found.Length <= 40 ? found : found[..40] + "...";
}

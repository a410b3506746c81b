using DroneOps.Server.Api;

namespace DroneOps.Server.Sorties.Import;

/// <summary>What a column of a table of flights holds.</summary>
internal enum FlightField
{
    Number,
    Vehicle,
    HardwareId,
    Pilot,
    Purpose,
    AuthorisedBy,
    Task,
    BatterySerial,
    Unit,
    Date,
    TakeoffAt,
    LandedAt,
    Duration,
    Distance,
    MaxHeight,
    Longitude,
    Latitude,
}

/// <summary>A column: its heading, what it is understood as (null when it is not), and what one of its unit is in seconds or metres.</summary>
/// <param name="Unit">Null where the heading names none.</param>
internal sealed record FlightColumn(string Heading, FlightField? Field, double? Unit);

/// <summary>Understands the heading of a table of flights, in English and in the words of Chinese flight logs, in any order. Pure.</summary>
internal sealed class FlightColumns
{
    private static readonly (FlightField Field, string[] Headings)[] Words =
    [
        (FlightField.Number, ["number", "flightNumber", "flightNo", "sortieNumber", "sortieNo", "sortieId", "flightId", "id", "架次编号", "架次号", "飞行编号", "编号", "记录编号", "任务编号"]),
        (FlightField.Vehicle, ["vehicle", "vehicleName", "drone", "droneName", "aircraft", "uav", "callSign", "tail", "无人机", "无人机名称", "无人机编号", "飞行器", "飞行器名称", "机号", "飞机", "飞机编号", "呼号", "设备名称"]),
        (FlightField.HardwareId, ["hardwareId", "serial", "serialNumber", "sn", "uid", "droneSerial", "aircraftSerial", "序列号", "设备序列号", "无人机序列号", "飞控序列号", "机身序列号"]),
        (FlightField.Pilot, ["pilot", "pilotName", "operator", "remotePilot", "操控员", "飞手", "飞行员", "驾驶员", "操作员", "机长"]),
        (FlightField.Purpose, ["purpose", "mission", "missionType", "category", "用途", "任务类型", "飞行用途", "任务性质", "飞行目的", "类别"]),
        (FlightField.AuthorisedBy, ["authorisedBy", "authorizedBy", "approval", "approvedBy", "approvalNumber", "批准", "批准人", "批准号", "审批人", "审批编号", "批准文号"]),
        (FlightField.Task, ["task", "taskLabel", "taskName", "description", "note", "任务", "任务名称", "任务内容", "事由", "备注"]),
        (FlightField.BatterySerial, ["battery", "batterySerial", "batteryNumber", "电池", "电池编号", "电池序列号"]),
        (FlightField.Unit, ["unit", "department", "station", "单位", "所属单位", "使用单位", "部门"]),
        (FlightField.Date, ["date", "day", "flightDate", "日期", "飞行日期"]),
        (FlightField.TakeoffAt, ["takeoffAt", "takeoff", "takeoffTime", "start", "startTime", "startedAt", "departure", "起飞时间", "起飞时刻", "起飞", "开始时间", "飞行开始时间"]),
        (FlightField.LandedAt, ["landedAt", "landing", "landingTime", "landed", "end", "endTime", "endedAt", "arrival", "落地时间", "降落时间", "着陆时间", "降落时刻", "降落", "落地", "结束时间", "飞行结束时间"]),
        (FlightField.Duration, ["duration", "flightTime", "airborne", "airTime", "airborneTime", "时长", "飞行时长", "航时", "空中时间", "飞行时间", "飞行时数"]),
        (FlightField.Distance, ["distance", "flightDistance", "航程", "飞行距离", "里程", "飞行里程", "距离"]),
        (FlightField.MaxHeight, ["maxHeight", "height", "maxAltitude", "altitude", "最大高度", "飞行高度", "最高高度", "高度", "最大飞行高度"]),
        (FlightField.Longitude, ["longitude", "lon", "lng", "takeoffLon", "takeoffLongitude", "经度", "起飞经度", "起飞点经度"]),
        (FlightField.Latitude, ["latitude", "lat", "takeoffLat", "takeoffLatitude", "纬度", "起飞纬度", "起飞点纬度"]),
    ];

    private static readonly (string Name, double Seconds)[] TimeUnits = [("seconds", 1), ("sec", 1), ("s", 1), ("秒", 1), ("minutes", 60), ("min", 60), ("mins", 60), ("分钟", 60), ("分", 60), ("hours", 3600), ("hour", 3600), ("h", 3600), ("小时", 3600), ("时", 3600)];

    private static readonly (string Name, double Metres)[] LengthUnits = [("metres", 1), ("meters", 1), ("m", 1), ("米", 1), ("kilometres", 1000), ("kilometers", 1000), ("km", 1000), ("公里", 1000), ("千米", 1000)];

    private static readonly Dictionary<string, (FlightField Field, double? Unit)> Known = All();

    private readonly Dictionary<FlightField, int> _index = [];

    private FlightColumns(IReadOnlyList<FlightColumn> columns)
    {
        Columns = columns;
        for (var index = 0; index < columns.Count; index++)
        {
            if (columns[index].Field is { } field)
                _index.TryAdd(field, index);
        }
    }

    /// <summary>The columns in the file's order.</summary>
    public IReadOnlyList<FlightColumn> Columns { get; }

    /// <summary>Understands a heading.</summary>
    public static FlightColumns Of(IEnumerable<string> headings) => new([.. headings.Select(ColumnOf)]);

    /// <summary>What is missing for an import, or stands there twice; null when nothing.</summary>
    /// <param name="hasVehicle">Whether the drone is said beside the file.</param>
    public string? Wrong(bool hasVehicle)
    {
        if (Columns.Where(column => column.Field is not null).GroupBy(column => column.Field).FirstOrDefault(group => group.Count() > 1) is { } twice)
            return $"The columns {string.Join(" and ", twice.Select(column => $"'{column.Heading}'"))} mean the same.";
        return !Has(FlightField.TakeoffAt) ? "No column holds the take-off (takeoffAt, 起飞时间)."
            : !Has(FlightField.LandedAt) && !Has(FlightField.Duration) ? "No column holds the landing or the time in the air (landedAt, 落地时间; duration, 飞行时长)."
            : !hasVehicle && !Has(FlightField.Vehicle) && !Has(FlightField.HardwareId) ? "No column holds the drone (vehicle, 无人机; serial, 序列号), and none was said for the file."
            : Has(FlightField.Longitude) != Has(FlightField.Latitude) ? "Longitude and latitude come together (longitude, latitude, 经度, 纬度)."
            : null;
    }

    /// <summary>Whether there is such a column.</summary>
    public bool Has(FlightField field) => _index.ContainsKey(field);

    /// <summary>A field of a line, trimmed; null when it is empty or not there.</summary>
    public string? Of(FlightField field, string[] fields) =>
        _index.TryGetValue(field, out var index) && index < fields.Length && fields[index].Trim() is { Length: > 0 } text ? text : null;

    /// <summary>The unit that the heading of a column names.</summary>
    public double? UnitOf(FlightField field) => _index.TryGetValue(field, out var index) ? Columns[index].Unit : null;

    /// <summary>What the report says that the columns are.</summary>
    public IReadOnlyList<UnderstoodColumn> Understood() => [.. Columns.Select(column => new UnderstoodColumn(column.Heading, NameOf(column)))];

    private static string? NameOf(FlightColumn column)
    {
        if (column.Field is not { } field)
            return null;
        var name = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(field.ToString());
        return field switch
        {
            FlightField.Duration => $"{name} ({column.Unit switch { 1 => "s", 60 => "min", 3600 => "h", _ => "h:mm:ss" }})",
            FlightField.Distance or FlightField.MaxHeight => $"{name} ({(column.Unit == 1000 ? "km" : "m")})",
            _ => name,
        };
    }

    private static FlightColumn ColumnOf(string heading)
    {
        if (!Known.TryGetValue(SeparatedText.Fold(heading), out var meaning))
            return new(heading.Trim(), null, null);
        return new(heading.Trim(), meaning.Field, meaning.Unit ?? UnitIn(heading, UnitsOf(meaning.Field)));
    }

    private static (string Name, double Size)[] UnitsOf(FlightField field) => field switch
    {
        FlightField.Duration => TimeUnits,
        FlightField.Distance or FlightField.MaxHeight => LengthUnits,
        _ => [],
    };

    /// <summary>The unit in the brackets of a heading, or behind its last slash.</summary>
    private static double? UnitIn(string heading, (string Name, double Size)[] units)
    {
        var open = heading.IndexOfAny(['(', '（', '[', '/']);
        if (open < 0)
            return null;
        var said = heading[(open + 1)..].Trim(' ', ')', '）', ']');
        return units.Where(unit => string.Equals(unit.Name, said, StringComparison.OrdinalIgnoreCase)).Select(unit => (double?)unit.Size).FirstOrDefault();
    }

    /// <summary>All headings that are known: each as it is, and with a unit behind it where it may have one (<c>durationMin</c>, <c>distanceKm</c>, <c>时长/分</c>).</summary>
    private static Dictionary<string, (FlightField Field, double? Unit)> All()
    {
        var known = new Dictionary<string, (FlightField, double?)>(StringComparer.Ordinal);
        foreach (var (field, headings) in Words)
        {
            foreach (var heading in headings.Select(SeparatedText.Fold))
            {
                known.Add(heading, (field, null));
                foreach (var (unit, size) in UnitsOf(field))
                    known.TryAdd(heading + SeparatedText.Fold(unit), (field, size));
            }
        }

        return known;
    }
}

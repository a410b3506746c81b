using DroneOps.Server.Api;

namespace DroneOps.Server.Incidents;

/// <summary>What a column of a history file holds.</summary>
internal enum HistoryField
{
    Number,
    Type,
    Priority,
    ReportedAt,
    Address,
    Longitude,
    Latitude,
    Summary,
    Note,
    Step,
    EvidenceCollected,
    ArrestCases,
    ArrestSuspects,
    DisasterRelief,
    PersonsRescued,
}

/// <summary>A column: its heading, and what it is understood as; null when it is not.</summary>
/// <param name="Step">The step of the time axis, where the field is one.</param>
internal sealed record HistoryColumn(string Heading, HistoryField? Field, IncidentStage? Step);

/// <summary>Understands the heading of a history file, in English and in the words of Chinese 110 systems, in any order. Pure.</summary>
internal sealed class HistoryColumns
{
    private static readonly (HistoryField Field, string[] Headings)[] Words =
    [
        (HistoryField.Number, ["externalNumber", "number", "incidentNumber", "incidentNo", "caseNumber", "callNumber", "id", "警情编号", "警情号", "编号", "接警单编号", "接警编号", "案件编号", "警单号"]),
        (HistoryField.Type, ["type", "incidentType", "category", "callType", "类型", "警情类型", "警情类别", "类别", "警情性质", "案由"]),
        (HistoryField.Priority, ["priority", "level", "urgency", "等级", "警情等级", "警情级别", "级别", "优先级", "紧急程度"]),
        (HistoryField.ReportedAt, ["reportedAt", "reported", "callTime", "time", "dateTime", "date", "报警时间", "报案时间", "警情时间", "发生时间", "时间"]),
        (HistoryField.Address, ["address", "place", "street", "地址", "警情地址", "报警地址", "案发地址", "事发地址", "事发地点", "案发地点", "地点"]),
        (HistoryField.Longitude, ["longitude", "lon", "lng", "long", "x", "经度"]),
        (HistoryField.Latitude, ["latitude", "lat", "y", "纬度"]),
        (HistoryField.Summary, ["summary", "description", "details", "简要警情", "警情内容", "报警内容", "简要案情", "简要情况", "警情描述", "内容"]),
        (HistoryField.Note, ["note", "result", "outcome", "disposition", "处置结果", "处警结果", "处理结果", "处警情况", "反馈", "备注"]),
        (HistoryField.EvidenceCollected, ["evidenceCollected", "侦查取证"]),
        (HistoryField.ArrestCases, ["arrestCases", "抓捕案件", "协助抓捕"]),
        (HistoryField.ArrestSuspects, ["arrestSuspects", "抓获嫌疑人", "抓获人数"]),
        (HistoryField.DisasterRelief, ["disasterRelief", "灾害救援"]),
        (HistoryField.PersonsRescued, ["personsRescued", "救助群众", "救助人数"]),
    ];

    private static readonly (IncidentStage Step, string[] Headings)[] Steps =
    [
        (IncidentStage.CallReceived, ["接警时间", "接警"]),
        (IncidentStage.IncidentCreated, ["立警时间", "立警"]),
        (IncidentStage.UnitDispatched, ["派警时间", "出警时间", "派警", "dispatchedAt"]),
        (IncidentStage.DroneRequested, ["请求空中支援时间", "请求空中支援"]),
        (IncidentStage.DroneAssigned, ["派机时间", "派机"]),
        (IncidentStage.DroneAirborne, ["起飞时间", "无人机起飞时间", "起飞"]),
        (IncidentStage.DroneOnScene, ["无人机到场时间", "无人机到达时间"]),
        (IncidentStage.FirstFrame, ["首帧回传时间", "首帧回传"]),
        (IncidentStage.UnitOnScene, ["到场时间", "到达时间", "到达现场时间", "民警到场时间", "警组到场时间", "警组到场", "arrivedAt", "onSceneAt"]),
        (IncidentStage.Resolved, ["处置完毕时间", "处置完毕", "处警结束时间", "办结时间", "resolvedAt"]),
        (IncidentStage.DroneRecovered, ["返航落地时间", "返航落地"]),
        (IncidentStage.Closed, ["归档时间", "结案时间", "归档", "closedAt"]),
    ];

    private static readonly Dictionary<string, (HistoryField Field, IncidentStage? Step)> Known =
        Words.SelectMany(word => word.Headings.Select(heading => (heading, Meaning: (word.Field, (IncidentStage?)null))))
            .Concat(Steps.SelectMany(step => step.Headings.Append(step.Step.ToString()).SelectMany(heading => new[] { heading, $"{heading}At" }).Distinct().Select(heading => (heading, Meaning: (HistoryField.Step, (IncidentStage?)step.Step)))))
            .Select(pair => (Folded: SeparatedText.Fold(pair.heading), pair.Meaning)).Distinct()
            .ToDictionary(pair => pair.Folded, pair => pair.Meaning, StringComparer.Ordinal);

    private readonly Dictionary<HistoryField, int> _index = [];

    private HistoryColumns(IReadOnlyList<HistoryColumn> all)
    {
        All = all;
        for (var index = 0; index < all.Count; index++)
        {
            if (all[index].Field is { } field and not HistoryField.Step)
                _index.TryAdd(field, index);
        }

        // A system that writes down only when the call was taken means that by its time.
        if (!_index.ContainsKey(HistoryField.ReportedAt) && all.ToList().FindIndex(column => column.Step == IncidentStage.CallReceived) is >= 0 and var call)
            _index[HistoryField.ReportedAt] = call;
    }

    /// <summary>The columns in the file's order.</summary>
    public IReadOnlyList<HistoryColumn> All { get; }

    /// <summary>Understands a heading.</summary>
    public static HistoryColumns Of(IEnumerable<string> headings) =>
        new([.. headings.Select(heading => Known.TryGetValue(SeparatedText.Fold(heading), out var meaning) ? new HistoryColumn(heading.Trim(), meaning.Field, meaning.Step) : new HistoryColumn(heading.Trim(), null, null))]);

    /// <summary>What is missing for an import, or stands there twice; null when nothing.</summary>
    public string? Wrong()
    {
        if (All.Where(column => column.Field is not null).GroupBy(column => (column.Field, column.Step)).FirstOrDefault(group => group.Count() > 1) is { } twice)
            return $"The columns {string.Join(" and ", twice.Select(column => $"'{column.Heading}'"))} mean the same.";
        return !Has(HistoryField.Number) ? "No column holds the number (externalNumber, 警情编号): without it a second import would double everything."
            : !Has(HistoryField.ReportedAt) ? "No column holds the time of the call (reportedAt, 报警时间)."
            : Has(HistoryField.Longitude) != Has(HistoryField.Latitude) ? "Longitude and latitude come together (longitude, latitude, 经度, 纬度)."
            : !Has(HistoryField.Longitude) && !Has(HistoryField.Address) ? "No column holds the place (longitude and latitude, 经度, 纬度; or address, 地址)."
            : null;
    }

    /// <summary>Whether there is such a column.</summary>
    public bool Has(HistoryField field) => _index.ContainsKey(field);

    /// <summary>A field of a line, trimmed; null when it is empty or not there.</summary>
    public string? Of(HistoryField field, string[] fields) => _index.TryGetValue(field, out var index) ? At(index, fields) : null;

    /// <summary>The steps of a line that have a time.</summary>
    public IEnumerable<(IncidentStage Step, string Text)> StepsOf(string[] fields)
    {
        for (var index = 0; index < All.Count; index++)
        {
            if (All[index].Step is { } step && At(index, fields) is { } text)
                yield return (step, text);
        }
    }

    private static string? At(int index, string[] fields) => index < fields.Length && fields[index].Trim() is { Length: > 0 } text ? text : null;
}

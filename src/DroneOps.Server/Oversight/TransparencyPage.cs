using System.Globalization;
using System.Net;
using System.Text;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Sorties;

namespace DroneOps.Server.Oversight;

/// <summary>The page that is published, written as one well-formed file with its style and its map in it. Pure.</summary>
/// <param name="isEnglish">Else Chinese.</param>
/// <param name="came">Sorties, hours and outcomes.</param>
/// <param name="byPurpose">Sorties and hours of each purpose; null is a flight that nobody has explained.</param>
/// <param name="cells">How many flights passed each cell of a hundredth of a degree.</param>
/// <param name="purposes">What purposes are called.</param>
internal sealed class TransparencyPage(
    bool isEnglish, OversightOptions options, Period period, DateTimeOffset madeAt, ReportOutcomes.Answer came, IReadOnlyList<PurposeTotal> byPurpose,
    IReadOnlyDictionary<(int East, int North), int> cells, IReadOnlyList<Purpose> purposes)
{
    private const string Style = """
        body{font:16px/1.6 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:#16202c;background:#fff;max-width:860px;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.7rem;line-height:1.3;margin:0 0 .3rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}p{margin:.4rem 0}.muted{color:#4c5a69}
        dl{display:grid;grid-template-columns:repeat(3,1fr);gap:1px;background:#c9d2dc;border:1px solid #c9d2dc}dl div{background:#fff;padding:.6rem .8rem}
        dt{font-size:.85rem;color:#4c5a69}dd{margin:0;font-size:1.5rem;font-weight:640;font-variant-numeric:tabular-nums}
        table{border-collapse:collapse;width:100%}th,td{padding:.35rem .8rem .35rem 0;border-bottom:1px solid #c9d2dc;text-align:left}.n{text-align:right;font-variant-numeric:tabular-nums}
        svg{width:100%;max-height:560px;border:1px solid #c9d2dc;background:#f3f6f9}.k0{fill:#cfe1f7}.k1{fill:#8ab8ea}.k2{fill:#3f83d1}.k3{fill:#17457f}
        .key{display:inline-block;width:1rem;height:1rem;vertical-align:-.15rem;margin:0 .3rem 0 1rem;border:1px solid #4c5a69}
        .key.k0{background:#cfe1f7}.key.k1{background:#8ab8ea}.key.k2{background:#3f83d1}.key.k3{background:#17457f}
        @media (max-width:560px){dl{grid-template-columns:repeat(2,1fr)}}
        @media print{.key{print-color-adjust:exact}body{margin:0;max-width:none;font-size:12px}h2{break-after:avoid}table,svg,dl{break-inside:avoid}svg{max-height:380px}}
        """;

    // A cell that few flights passed says "fewer than five": a single flight over a lonely house is nobody's business.
    private static readonly int[] Classes = [1, 5, 20, 100];

    /// <summary>Sorties and hours of each purpose, the most flown first: a sortie counts for what it was launched for, its seconds for what they were flown for.</summary>
    public static List<PurposeTotal> ByPurpose(IEnumerable<PublishedFlight> flights) =>
    [
        .. flights.SelectMany(flight => PurposeSpan.Split(flight.TakeoffAt, flight.AirborneS, [.. flight.Turns.Select(turn => turn.At)])
                .Select((seconds, i) => (Purpose: i == 0 ? flight.Purpose : flight.Turns[i - 1].Purpose, IsFirst: i == 0, Ms: PurposeSpan.Milliseconds(seconds))))
            .GroupBy(part => part.Purpose)
            .Select(group => new PurposeTotal(group.Key, group.Count(part => part.IsFirst), group.Sum(part => part.Ms)))
            .OrderBy(total => total.Purpose is null).ThenByDescending(total => total.AirborneMs).ThenBy(total => total.Purpose, StringComparer.Ordinal),
    ];

    /// <summary>The whole file.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        var subject = Say("警用无人机飞行信息公开", "Police drones: what was flown");
        var authority = Said(isEnglish ? options.AuthorityEn : options.AuthorityZh, subject);
        text.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"{(isEnglish ? "en" : "zh-CN")}\">\n<head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><title>{authority}</title><style>{Style}</style></head>\n<body>\n");
        text.Append(CultureInfo.InvariantCulture, $"<header><h1>{authority}</h1><p>{(authority == subject ? "" : $"{subject} · ")}{Day(period.From)} – {Day(period.To.AddTicks(-1))}</p></header>\n");
        WriteTotals(text);
        WritePurposes(text);
        WriteMap(text);
        WriteRules(text);
        return text.Append("</body>\n</html>\n").ToString();
    }

    private void WriteTotals(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"<section><h2>{Say("总计", "In total")}</h2><dl>");
        Figure(Say("飞行架次", "Flights"), $"{byPurpose.Sum(total => total.Sorties)}");
        Figure(Say("飞行小时", "Hours in the air"), Hours(byPurpose.Sum(total => total.AirborneMs)));
        Figure(Say("侦查取证（案）", "Cases with evidence"), $"{came.EvidenceCases.Confirmed}");
        Figure(Say("协助抓捕（案）", "Arrests supported"), $"{came.ArrestCases.Confirmed}");
        Figure(Say("灾害救援（次）", "Disaster missions"), $"{came.DisasterMissions.Confirmed}");
        Figure(Say("救助群众（人）", "People rescued"), $"{came.PersonsRescued.Confirmed}");
        text.Append(CultureInfo.InvariantCulture, $"</dl><p class=\"muted\">{Say("成果由一人登记、另一人确认后计入。", "An outcome counts when a second person has confirmed it.")}</p></section>\n");

        void Figure(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"<div><dt>{name}</dt><dd>{value}</dd></div>");
    }

    private void WritePurposes(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"<section><h2>{Say("飞行目的", "What for")}</h2>");
        if (byPurpose.Count == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"<p>{Say("本期没有飞行。", "There were no flights.")}</p></section>\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"<table><thead><tr><th>{Say("目的", "Purpose")}</th><th class=\"n\">{Say("架次", "Flights")}</th><th class=\"n\">{Say("小时", "Hours")}</th></tr></thead><tbody>");
        foreach (var total in byPurpose)
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{NameOf(total.Purpose)}</td><td class=\"n\">{total.Sorties}</td><td class=\"n\">{Hours(total.AirborneMs)}</td></tr>");
        text.Append("</tbody></table></section>\n");
    }

    private void WriteMap(StringBuilder text)
    {
        if (cells.Count == 0)
            return;
        var (west, east) = (cells.Keys.Min(cell => cell.East), cells.Keys.Max(cell => cell.East));
        var (south, north) = (cells.Keys.Min(cell => cell.North), cells.Keys.Max(cell => cell.North));

        // A cell is as high as a hundredth of a degree is, and narrower by the latitude.
        var width = Math.Cos((south + north) / 2.0 * OpenData.CellDeg * Math.PI / 180);
        text.Append(CultureInfo.InvariantCulture, $"<section><h2>{Say("大致位置", "Roughly where")}</h2><p class=\"muted\">{Say("每格约一公里；按经过该格的架次着色。不公布航迹。", "Squares of about a kilometre, shaded by how many flights passed them. Tracks are not published.")}</p>");
        text.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {(east - west + 1) * width:F3} {north - south + 1}\" role=\"img\" aria-label=\"{Say("各格架次", "Flights of each square")}\">");
        foreach (var ((x, y), count) in cells.OrderBy(cell => cell.Key.North).ThenBy(cell => cell.Key.East))
            text.Append(CultureInfo.InvariantCulture, $"<rect class=\"k{ClassOf(count)}\" x=\"{(x - west) * width:F3}\" y=\"{north - y}\" width=\"{width:F3}\" height=\"1\"/>");
        text.Append("</svg><p>");
        for (var i = 0; i < Classes.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"<span class=\"key k{i}\"></span>{Between(i)}");
        text.Append(CultureInfo.InvariantCulture, $"</p><table><thead><tr><th>{Say("架次", "Flights")}</th><th class=\"n\">{Say("格数", "Squares")}</th></tr></thead><tbody>");
        for (var i = Classes.Length - 1; i >= 0; i--)
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Between(i)}</td><td class=\"n\">{cells.Values.Count(count => ClassOf(count) == i)}</td></tr>");
        text.Append(CultureInfo.InvariantCulture, $"</tbody></table><p class=\"muted\">{west * OpenData.CellDeg:F2}–{(east + 1) * OpenData.CellDeg:F2}° E, {south * OpenData.CellDeg:F2}–{(north + 1) * OpenData.CellDeg:F2}° N (WGS-84)</p></section>\n");
    }

    private void WriteRules(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"<section><h2>{Say("监督与投诉", "Oversight and complaints")}</h2><p>{Say("每次飞行都须有目的和批准；每次查看航迹、录像都记入不可篡改的审计日志。", "Every flight needs a purpose and somebody's leave; every look at a track or a recording is in a log that cannot be changed unseen.")}</p>");
        text.Append(CultureInfo.InvariantCulture, $"<p>{Said(isEnglish ? options.ComplaintsEn : options.ComplaintsZh, Say("投诉与咨询：请与本单位联系。", "Complaints and questions: write to us."))}</p>");
        text.Append(CultureInfo.InvariantCulture, $"<p class=\"muted\">{Say("本页不含个人信息。生成于", "No personal data is on this page. Made on")} {madeAt.ToOffset(CityTime.Offset):yyyy-MM-dd HH:mm} (UTC+8)</p></section>\n");
    }

    private string NameOf(string? purpose) => purpose is null
        ? Say("尚未说明", "Not explained yet")
        : purposes.FirstOrDefault(known => known.Id == purpose) is { } named ? Encoded(isEnglish ? named.NameEn : named.NameZh) : Say("其他", "Other");

    private string Between(int of) => of == 0 ? Say("少于 5", "fewer than 5") : of == Classes.Length - 1 ? string.Create(CultureInfo.InvariantCulture, $"{Classes[of]}+") : string.Create(CultureInfo.InvariantCulture, $"{Classes[of]}–{Classes[of + 1] - 1}");

    private static int ClassOf(int count) => Array.FindLastIndex(Classes, least => count >= least);

    private string Say(string chinese, string english) => isEnglish ? english : chinese;

    private static string Said(string? configured, string otherwise) => string.IsNullOrWhiteSpace(configured) ? otherwise : Encoded(configured);

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    private static string Hours(long milliseconds) => (milliseconds / 3_600_000.0).ToString("F1", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at) => at.ToOffset(CityTime.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>What was flown for a purpose.</summary>
internal sealed record PurposeTotal(string? Purpose, int Sorties, long AirborneMs);

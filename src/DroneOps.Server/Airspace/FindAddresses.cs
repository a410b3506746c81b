using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary><c>GET /addresses?q=</c>: where a caller says he is.</summary>
internal static class FindAddresses
{
    private const int MaxQuery = 100;

    public static void Map(RouteGroupBuilder group) => group.MapGet("", Handle)
        .WithSummary("Named places by Chinese or English name, pinyin or initials; the best match first");

    private static Results<Ok<Page<View>>, ProblemHttpResult> Handle(string? q, [AsParameters] PageRequest page, Gazetteer gazetteer)
    {
        if (page.Fault is { } fault)
        {
            return Problems.Invalid(fault);
        }

        return q is { Length: > 0 and <= MaxQuery }
            ? TypedResults.Ok(new Page<View>([.. gazetteer.Find(q, page.Take).Select(View.Of)], null))
            : Problems.Invalid(new Fault("q", $"q is what to look for, 1 to {MaxQuery} characters."));
    }

    /// <summary>A place as it is answered.</summary>
    internal sealed record View(string Id, string NameZh, string NameEn, string Kind, string? DistrictZh, string? DistrictEn, Point Location)
    {
        public static View Of(Address address) => new(
            address.Id, address.NameZh, address.NameEn, address.Kind, address.DistrictZh, address.DistrictEn, new Point(address.Position[0], address.Position[1]));
    }
}

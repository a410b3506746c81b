using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Units;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.FieldLinks;

/// <summary><c>POST /incidents/{id}/links</c>: a link for a crew to this incident; its address is answered once and cannot be read again.</summary>
internal static class OpenLink
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/links", HandleAsync).RequireAuthorization(Policies.Dispatch)
        .WithSummary("Open a link that shows this incident, and nothing else, on a crew's phone; its address is shown this once");

    private static async Task<Results<Created<Answer>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, IncidentBook incidents, FieldLinkBook links, IOptions<FieldLinksOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        List<Fault> faults = [];
        var callSign = request.CallSign?.Trim() ?? "";
        if (ReportPosition.FaultIn(callSign) is { } wrong)
            faults.Add(wrong);
        var minutes = request.Minutes ?? options.Value.DefaultMinutes;
        if (minutes < 1 || minutes > options.Value.LongestMinutes)
            faults.Add(new Fault("#/minutes", $"minutes is 1 to {options.Value.LongestMinutes}."));
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        if (await incidents.FindAsync(id, cancellation) is not { } incident)
            return Problems.NotFound("incident", id);
        if (incident.State == IncidentState.Closed)
            return Problems.Conflict("incident-closed", "The incident is closed.");
        if (await links.OpenAsync(id, callSign, minutes, user.Actor(), cancellation) is not var (link, text))
            return Problems.Conflict("too-many-links", $"The incident has {FieldLinkBook.MostOfIncident} open links already; revoke one first.");

        // The text is in the fragment, which browsers keep to themselves: no log and no Referer ever has it.
        var address = $"{options.Value.PublicAddress?.TrimEnd('/') ?? $"{context.Request.Scheme}://{context.Request.Host}"}{FieldLinksModule.Path}#{text}";
        return TypedResults.Created($"{ApiGroups.Prefix}/incidents/{id}/links/{link.Id}", new Answer(address, FieldLinkView.Of(link, time.GetUtcNow())));
    }

    /// <summary>The request.</summary>
    /// <param name="CallSign">The crew.</param>
    /// <param name="Minutes">How long the link holds; it also ends with the incident.</param>
    internal sealed record Request(string? CallSign, int? Minutes);

    /// <summary>The new link with its address.</summary>
    internal sealed record Answer(string Url, FieldLinkView Link);
}

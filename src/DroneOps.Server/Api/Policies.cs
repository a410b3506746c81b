using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace DroneOps.Server.Api;

/// <summary>The roles of the contract.</summary>
internal static class Roles
{
    public const string Pilot = "pilot";
    public const string Dispatcher = "dispatcher";
    public const string Auditor = "auditor";
    public const string Admin = "admin";
    public const string Integration = "integration";

    public static readonly IReadOnlyList<string> All = [Pilot, Dispatcher, Auditor, Admin, Integration];
}

/// <summary>What a caller may do; endpoints name one of these, never a role. Without a name the fallback applies:
/// signed in.</summary>
internal static class Policies
{
    /// <summary>See positions, incidents, sorties: every role.</summary>
    public const string Read = "read";

    /// <summary>Take control and command vehicles: pilot, admin.</summary>
    public const string Fly = "fly";

    /// <summary>Work incidents and send drones: dispatcher, pilot, admin, integration (the 110 system).</summary>
    public const string Dispatch = "dispatch";

    /// <summary>Plan routes, patrols and areas: pilot, dispatcher, admin.</summary>
    public const string Plan = "plan";

    /// <summary>Read the audit log: auditor, admin.</summary>
    public const string Audit = "audit";

    /// <summary>Accounts, tokens, airspace, docks: admin.</summary>
    public const string Administer = "administer";

    private static readonly IReadOnlyDictionary<string, string[]> RolesOf = new Dictionary<string, string[]>
    {
        [Read] = [.. Roles.All],
        [Fly] = [Roles.Pilot, Roles.Admin],
        [Dispatch] = [Roles.Dispatcher, Roles.Pilot, Roles.Admin, Roles.Integration],
        [Plan] = [Roles.Pilot, Roles.Dispatcher, Roles.Admin],
        [Audit] = [Roles.Auditor, Roles.Admin],
        [Administer] = [Roles.Admin],
    };

    /// <summary>The roles that a policy asks for; none for one that is not ours.</summary>
    public static IReadOnlyList<string> Of(string policy) => RolesOf.GetValueOrDefault(policy, []);

    public static void Register(AuthorizationBuilder authorization)
    {
        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var (policy, roles) in RolesOf)
        {
            authorization.AddPolicy(policy, builder => builder.RequireRole(roles));
        }
    }
}

/// <summary>Who is acting, as the audit log writes it.</summary>
internal static class Actors
{
    /// <summary>The service itself.</summary>
    public const string System = "system";

    /// <summary>The claim that says "user" or "token".</summary>
    public const string KindClaim = "droneops:kind";

    /// <summary>Whether an actor is a person, not a program or the service itself.</summary>
    public static bool IsPerson(string actor) => actor.StartsWith("user:", StringComparison.Ordinal);

    /// <summary><c>user:admin</c>, <c>token:110-feed</c>, or <c>anonymous</c>.</summary>
    public static string Actor(this ClaimsPrincipal principal) => principal.Identity is { IsAuthenticated: true, Name: { } name }
        ? $"{principal.FindFirstValue(KindClaim) ?? "user"}:{name}"
        : "anonymous";
}

using DroneOps.Server.Api;

namespace DroneOps.Server.Video.Recording;

/// <summary>What somebody says that he does something with a recording for.</summary>
internal static class GivenReason
{
    private const int Longest = 200;

    /// <summary>What is wrong with one that may be left out; null when nothing is.</summary>
    /// <param name="where">Where it was sent: a query's name, or a pointer into the body.</param>
    public static Fault? IfGiven(string where, string? reason) => reason is { Length: > Longest } ? new(where, $"A reason has at most {Longest} characters.") : null;

    /// <summary>What is wrong with one that must be given; null when nothing is.</summary>
    /// <param name="where">Where it was sent: a query's name, or a pointer into the body.</param>
    public static Fault? Always(string where, string? reason) => reason?.Trim().Length is null or 0 or > Longest ? new(where, $"A reason has 1 to {Longest} characters.") : null;
}

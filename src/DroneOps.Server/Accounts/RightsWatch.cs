using System.Security.Claims;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Accounts;

/// <summary>Ends what stays open for those who may not go on. A connection lives for hours or days, and what was checked at its beginning (the token, the
/// account, its password and roles) may have been taken back since.</summary>
/// <param name="policy">What they must still be allowed.</param>
/// <param name="who">Them, as the log names them.</param>
internal abstract partial class RightsWatch(string policy, string who, IServiceScopeFactory scopes, Quiescence quiescence, TimeProvider time, ILogger logger) : BellLoop(quiescence, time, Every, Every)
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <summary>Who is there, and what ends his connection; that may be called more than once.</summary>
    protected abstract IEnumerable<(ClaimsPrincipal User, Action End)> Present { get; }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var rights = scope.ServiceProvider.GetRequiredService<Rights>();
        try
        {
            // Connections of one token, or of one account since it last changed, stand and fall together.
            foreach (var group in Present.GroupBy(one => (one.User.FindFirstValue(ClaimTypes.NameIdentifier), one.User.FindFirstValue(Sessions.StampClaim))))
            {
                if (await rights.StillHoldsAsync(group.First().User, policy, cancellation))
                    continue;
                foreach (var (_, end) in group)
                    end();
            }
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            // A database that does not answer takes nothing from anybody.
            LogUnchecked(trouble, who);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether {Who} still may could not be checked")]
    private partial void LogUnchecked(Exception trouble, string who);
}

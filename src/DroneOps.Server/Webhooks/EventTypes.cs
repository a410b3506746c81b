namespace DroneOps.Server.Webhooks;

/// <summary>The types of the events that are sent. Each carries the whole thing as it is after the change, as the API shows it.</summary>
internal static class EventTypes
{
    public const string Ping = "cn.droneops.ping";

    // By the names of the feed's events.
    private static readonly Dictionary<string, string> OfFeed = new(StringComparer.Ordinal)
    {
        ["incident"] = "cn.droneops.incident.changed",
        ["sortie"] = "cn.droneops.sortie.changed",
        ["alert"] = "cn.droneops.alert.changed",
        ["patrol"] = "cn.droneops.patrol.changed",
    };

    /// <summary>Those that a subscription may ask for.</summary>
    public static IReadOnlyCollection<string> All => OfFeed.Values;

    /// <summary>The type of an event of the feed; null for what stays inside.</summary>
    public static string? Of(string feedName) => OfFeed.GetValueOrDefault(feedName);
}

namespace DroneOps.Server.Storage;

/// <summary>By what rule things are deleted.</summary>
internal enum KeptFor
{
    /// <summary>After a number of days.</summary>
    Days,

    /// <summary>After the days of the class that each of them has.</summary>
    Class,

    /// <summary>Never by this service.</summary>
    Ever,
}

/// <summary>What is kept, and for how long, as the slice that keeps it tells an auditor. One is registered for each store that says something about people or flights.</summary>
/// <param name="Store">What it is called: <c>telemetry</c>.</param>
/// <param name="Kept">By what rule.</param>
/// <param name="Days">How many, where the rule is one number.</param>
/// <param name="Action">The action of the audit entry that comes before each deletion; null where none is written.</param>
internal sealed record KeptStore(string Store, KeptFor Kept, double? Days, string? Action)
{
    public static KeptStore ForDays(string store, double days, string? action) => new(store, KeptFor.Days, days, action);

    public static KeptStore ByClass(string store, string action) => new(store, KeptFor.Class, null, action);

    public static KeptStore ForEver(string store) => new(store, KeptFor.Ever, null, null);
}

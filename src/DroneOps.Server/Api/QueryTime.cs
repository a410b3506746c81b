namespace DroneOps.Server.Api;

/// <summary>A time in a query: RFC 3339 with an offset, as in bodies. A plus sign that the sender did not escape comes as a space.</summary>
/// <param name="Utc">The time, in UTC.</param>
internal readonly record struct QueryTime(DateTimeOffset Utc)
{
    /// <summary>What ASP.NET Core calls to bind a parameter, with null for one that was not sent.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out QueryTime time)
    {
        time = default;
        if (text is null)
            return false;
        var isRead = Rfc3339.TryParse(text.Length > 6 && text[^6] == ' ' ? $"{text[..^6]}+{text[^5..]}" : text, out var read);
        time = new QueryTime(read.ToUniversalTime());
        return isRead;
    }
}

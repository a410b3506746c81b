namespace DroneOps.Server.CursorOnTarget;

/// <summary>Events that are about the stream and not about the world.</summary>
internal static class CotTasks
{
    /// <summary>"Are you there?"</summary>
    public const string PingType = "t-x-c-t";

    /// <summary>"I am."</summary>
    public const string PongType = "t-x-c-t-r";

    private const string DeleteType = "t-x-d-d";

    // TAK's own servers answer with this id.
    private const string PongUid = "takPong";
    private static readonly TimeSpan PingLife = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DeleteLife = TimeSpan.FromMinutes(1);

    /// <summary>Asks whether the other side is there, and keeps what lies between from forgetting the connection.</summary>
    public static CotEvent Ping(string uidPrefix, DateTimeOffset now) => Write($"{uidPrefix}-ping", PingType, "m-g", now, PingLife);

    /// <summary>Answers.</summary>
    public static CotEvent Pong(DateTimeOffset now) => Write(PongUid, PongType, "h-g-i-g-o", now, PingLife);

    /// <summary>Takes a thing off the clients' maps. It stands in the queue under the thing's own id, so that it replaces what was still
    /// to be said about it.</summary>
    public static CotEvent Delete(string uid, DateTimeOffset now)
    {
        CotHead head = new($"{uid}.deleted", DeleteType, "m-g", now, now, now + DeleteLife, default, null, null);
        return CotEvent.Write(head, xml =>
        {
            xml.Element("link", ("uid", uid), ("relation", "none"), ("type", "none"));
            xml.Element("__forcedelete");
        }) with
        { Uid = uid };
    }

    private static CotEvent Write(string uid, string type, string how, DateTimeOffset now, TimeSpan life) =>
        CotEvent.Write(new(uid, type, how, now, now, now + life, default, null, null), _ => { });
}

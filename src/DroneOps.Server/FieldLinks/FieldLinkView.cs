namespace DroneOps.Server.FieldLinks;

/// <summary>A link as the dispatcher sees it; its text is not in it.</summary>
/// <param name="EndedFor">Why it holds no more; null while it holds.</param>
/// <param name="Uses">How often it was opened on a phone.</param>
internal sealed record FieldLinkView(
    Guid Id, string CallSign, DateTimeOffset OpenedAt, string OpenedBy, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt, FieldLinkEnd? EndedFor, string? EndedBy, int Uses, DateTimeOffset? LastUsedAt)
{
    public static FieldLinkView Of(FieldLinkRecord link, DateTimeOffset now) => new(
        link.Id, link.CallSign, link.OpenedAt, link.OpenedBy, link.ExpiresAt, link.EndedAt ?? (now >= link.ExpiresAt ? link.ExpiresAt : null),
        link.EndedFor ?? (now >= link.ExpiresAt ? FieldLinkEnd.Expired : null), link.EndedBy, link.Uses, link.LastUsedAt);
}

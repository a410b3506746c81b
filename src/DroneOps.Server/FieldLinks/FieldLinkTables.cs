using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.FieldLinks;

/// <summary>Why a link holds no more.</summary>
internal enum FieldLinkEnd
{
    Expired,
    Revoked,
    IncidentClosed,
}

/// <summary>A crew's view of one incident. Owner: <see cref="FieldLinkBook"/>.</summary>
internal sealed class FieldLinkRecord
{
    public required Guid Id { get; init; }

    public required Guid IncidentId { get; init; }

    /// <summary>The crew; what its phone reports is in its name.</summary>
    public required string CallSign { get; init; }

    /// <summary>SHA-256 of the text. The text has 256 random bits, so nothing slower is needed; it is shown once and kept nowhere.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required string OpenedBy { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public FieldLinkEnd? EndedFor { get; set; }

    public string? EndedBy { get; set; }

    /// <summary>How often it was opened on a phone.</summary>
    public int Uses { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public bool IsValid(DateTimeOffset now) => EndedAt is null && now < ExpiresAt;

    /// <summary>A new link's text.</summary>
    public static string NewText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    internal sealed class Table : IEntityTypeConfiguration<FieldLinkRecord>
    {
        public void Configure(EntityTypeBuilder<FieldLinkRecord> builder)
        {
            builder.ToTable("field_links");
            builder.HasIndex(link => link.Hash).IsUnique();
            builder.HasIndex(link => link.IncidentId);
            builder.HasIndex(link => link.EndedAt);
            builder.Property(link => link.EndedFor).HasConversion<string>();
        }
    }
}

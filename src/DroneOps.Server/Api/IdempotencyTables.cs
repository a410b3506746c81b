using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Api;

/// <summary>A POST that was sent with an <c>Idempotency-Key</c>, and what it was answered.</summary>
internal sealed class IdempotentRequest
{
    /// <summary>Who sent it; keys of different callers never meet.</summary>
    public required string Actor { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of path and body.</summary>
    public required byte[] Fingerprint { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Null while the first request is running, or when the server died in the middle of it.</summary>
    public int? Status { get; set; }

    public string? ContentType { get; set; }

    public string? Location { get; set; }

    public string? ETag { get; set; }

    public byte[] Body { get; set; } = [];

    private sealed class Mapping : IEntityTypeConfiguration<IdempotentRequest>
    {
        public void Configure(EntityTypeBuilder<IdempotentRequest> builder)
        {
            builder.ToTable("idempotent_requests");
            builder.HasKey(request => new { request.Actor, request.Key });
            builder.HasIndex(request => request.At);
            builder.Property(request => request.ETag).HasColumnName("etag");
        }
    }
}

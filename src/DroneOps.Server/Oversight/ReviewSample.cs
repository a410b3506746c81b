using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Oversight;

/// <summary>What a reviewer found about one sortie of a sample.</summary>
internal enum ReviewVerdict
{
    InOrder,
    Remark,
    Objection,
}

/// <summary>One sortie of a sample, reviewed.</summary>
internal sealed record SortieReview(Guid SortieId, ReviewVerdict Verdict, string? Text, string Actor, DateTimeOffset At);

/// <summary>Sorties drawn by lot for a review, what was found, and who signed it. Nobody chooses: the lot is the root of the audit log after the entry that asks for it.</summary>
internal sealed class ReviewSample : Versioned
{
    public required Guid Id { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public required DateTimeOffset DrawnAt { get; init; }

    public required string DrawnBy { get; init; }

    /// <summary>The signed head of the log that was the lot.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>How many sorties there were.</summary>
    public required int Of { get; init; }

    public required List<Guid> SortieIds { get; init; }

    public List<SortieReview> Reviews { get; set; } = [];

    public string? Conclusion { get; set; }

    public string? SignedBy { get; set; }

    public DateTimeOffset? SignedAt { get; set; }

    /// <summary>Draws: the sorties with the least SHA-256(root || id), so that anybody who has the head and the list can draw again.</summary>
    public static List<Guid> Draw(ReadOnlySpan<byte> root, IEnumerable<Guid> sorties, int count)
    {
        var lot = root.ToArray();
        return [.. sorties.OrderBy(id => Convert.ToHexStringLower(SHA256.HashData([.. lot, .. id.ToByteArray(bigEndian: true)])), StringComparer.Ordinal).Take(count)];
    }

    /// <summary>The SHA-256 that a signature is about; each review is an entry of the log itself, and together they can be larger than one entry may be.
    /// Over the reviews in the order in which the sorties were drawn: of each the sortie, the verdict, who says so and the text, as the log has them, the
    /// text empty where there is none; each of the four in UTF-8 after its length in bytes, four bytes with the greatest first.</summary>
    public string ReviewsSha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var review in Reviews.OrderBy(review => SortieIds.IndexOf(review.SortieId)))
        {
            foreach (var part in (string[])[review.SortieId.ToString(), JsonNamingPolicy.CamelCase.ConvertName(review.Verdict.ToString()), review.Actor, review.Text ?? ""])
            {
                var bytes = Encoding.UTF8.GetBytes(part);
                var length = new byte[sizeof(int)];
                BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
                hash.AppendData(length);
                hash.AppendData(bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal sealed class Table : IEntityTypeConfiguration<ReviewSample>
    {
        public void Configure(EntityTypeBuilder<ReviewSample> builder)
        {
            builder.ToTable("review_samples");
            builder.HasIndex(sample => sample.DrawnAt);
            builder.Property(sample => sample.SortieIds).HasJson();
            builder.Property(sample => sample.Reviews).HasJson();
        }
    }
}

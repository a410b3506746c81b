using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Licences;

/// <summary>A pilot's licence as it was entered. It is never changed: a renewal is another one, one that was taken away or
/// entered wrongly is withdrawn and holds no longer, so that it can be said of every flight what held when it took off.</summary>
internal sealed class Licence : Versioned
{
    public required Guid Id { get; init; }

    /// <summary>The pilot as the audit log writes him: <c>user:wang</c>.</summary>
    public required string Pilot { get; init; }

    public required string Number { get; init; }

    public required string Class { get; init; }

    public required DateTimeOffset ValidFrom { get; init; }

    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>When his medical runs out; null where none is asked for.</summary>
    public required DateTimeOffset? MedicalUntil { get; init; }

    public required string EnteredBy { get; init; }

    public required DateTimeOffset EnteredAt { get; init; }

    public DateTimeOffset? WithdrawnAt { get; set; }

    public string? WithdrawnBy { get; set; }

    public string? WithdrawnFor { get; set; }

    /// <summary>Until when it holds.</summary>
    public DateTimeOffset HoldsUntil => WithdrawnAt < ValidUntil ? WithdrawnAt.Value : ValidUntil;

    internal sealed class Table : IEntityTypeConfiguration<Licence>
    {
        public void Configure(EntityTypeBuilder<Licence> builder)
        {
            builder.ToTable("licences");
            builder.HasIndex(licence => licence.Pilot);
            builder.Ignore(licence => licence.HoldsUntil);
        }
    }
}

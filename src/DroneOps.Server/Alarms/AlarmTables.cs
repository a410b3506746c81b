using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DroneOps.Server.Alarms;

/// <summary>An alarm as it is kept.</summary>
internal sealed class AlarmRecord
{
    public required Guid Id { get; init; }

    public required string Code { get; init; }

    public required string Subject { get; init; }

    public required string VehicleId { get; init; }

    public Guid? IncidentId { get; init; }

    public string? Cause { get; init; }

    public required DateTimeOffset At { get; init; }

    public AlarmPriority Priority { get; set; }

    public required string Text { get; set; }

    public AlarmState State { get; set; }

    public bool IsActive { get; set; }

    public bool IsAcknowledged { get; set; }

    public AlarmHold Holds { get; set; }

    public DateTimeOffset? AnnunciatedAt { get; set; }

    public DateTimeOffset? ClearedAt { get; set; }

    public DateTimeOffset? AcknowledgedAt { get; set; }

    public string? AcknowledgedBy { get; set; }

    public Guid? GroupId { get; set; }

    public int Members { get; set; }

    public int Occasions { get; set; }

    public bool IsChattering { get; set; }

    public HeldAlarm? Held { get; set; }

    public string? SuppressedFor { get; set; }

    /// <summary>A new row.</summary>
    public static AlarmRecord Of(Alarm alarm)
    {
        var row = new AlarmRecord
        {
            Id = alarm.Id,
            Code = alarm.Code,
            Subject = alarm.Subject,
            VehicleId = alarm.VehicleId,
            IncidentId = alarm.IncidentId,
            Cause = alarm.Cause,
            At = alarm.At,
            Text = alarm.Text,
        };
        row.Take(alarm);
        return row;
    }

    /// <summary>What changes over an alarm's life.</summary>
    public void Take(Alarm alarm)
    {
        (Priority, Text, State) = (alarm.Priority, alarm.Text, alarm.State);
        (IsActive, IsAcknowledged, Holds) = (alarm.Life.IsActive, alarm.Life.IsAcknowledged, alarm.Life.Holds);
        (AnnunciatedAt, ClearedAt, AcknowledgedAt, AcknowledgedBy) = (alarm.AnnunciatedAt, alarm.ClearedAt, alarm.AcknowledgedAt, alarm.AcknowledgedBy);
        (GroupId, Members, Occasions, IsChattering) = (alarm.GroupId, alarm.Members, alarm.Occasions, alarm.IsChattering);
        (Held, SuppressedFor) = (alarm.Held, alarm.SuppressedFor);
    }

    /// <summary>The alarm.</summary>
    public Alarm ToAlarm() => new()
    {
        Id = Id,
        Code = Code,
        Subject = Subject,
        VehicleId = VehicleId,
        IncidentId = IncidentId,
        Cause = Cause,
        Priority = Priority,
        Text = Text,
        At = At,
        Life = new AlarmLife(IsActive, IsAcknowledged, Holds),
        AnnunciatedAt = AnnunciatedAt,
        ClearedAt = ClearedAt,
        AcknowledgedAt = AcknowledgedAt,
        AcknowledgedBy = AcknowledgedBy,
        GroupId = GroupId,
        Members = Members,
        Occasions = Occasions,
        IsChattering = IsChattering,
        Held = Held,
        SuppressedFor = SuppressedFor,
    };

    internal sealed class Table : IEntityTypeConfiguration<AlarmRecord>
    {
        public void Configure(EntityTypeBuilder<AlarmRecord> builder)
        {
            builder.ToTable("alarms");
            builder.HasIndex(alarm => alarm.At);
            builder.HasIndex(alarm => alarm.State);
            builder.Property(alarm => alarm.Priority).HasConversion<string>();
            builder.Property(alarm => alarm.State).HasConversion<string>();
            builder.Property(alarm => alarm.Held).HasJson();
        }
    }
}

/// <summary>A hold as it is kept.</summary>
internal sealed class HeldAlarmRecord
{
    public required Guid Id { get; init; }

    public required HeldAlarm Held { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<HeldAlarmRecord>
    {
        public void Configure(EntityTypeBuilder<HeldAlarmRecord> builder)
        {
            builder.ToTable("held_alarms");
            builder.Property(row => row.Held).HasJson();
        }
    }
}

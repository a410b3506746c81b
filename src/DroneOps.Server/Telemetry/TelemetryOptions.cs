using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Telemetry;

/// <summary>What is kept of what vehicles send, and how it is written.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>Seconds between batches; a full batch does not wait.</summary>
    [Range(0.1, 60)]
    public double FlushEveryS { get; set; } = 1;

    /// <summary>Points in a batch at most.</summary>
    [Range(100, 100_000)]
    public int BatchLength { get; set; } = 10_000;

    /// <summary>Points that wait in memory while the database does not take them; beyond it the oldest is dropped. About 130 bytes each.</summary>
    [Range(1_000, 10_000_000)]
    public int BufferLength { get; set; } = 500_000;

    /// <summary>Seconds between the points that are kept of a vehicle that is disarmed and on the ground; 0 keeps all. In flight all are kept.</summary>
    [Range(0, 3600)]
    public double ParkedEveryS { get; set; } = 10;

    /// <summary>Days that points are kept, in whole UTC days. At least 30, which is what the law asks of recordings of public places.</summary>
    [Range(30, 36_500)]
    public int KeepDays { get; set; } = 365;
}

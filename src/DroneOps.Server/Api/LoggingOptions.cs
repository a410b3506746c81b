using System.ComponentModel.DataAnnotations;
using Serilog.Events;

namespace DroneOps.Server.Api;

/// <summary>The technical log (the audit log is another thing and cannot be switched off).</summary>
internal sealed class LoggingOptions
{
    /// <summary>Write to standard output.</summary>
    public bool Console { get; set; } = true;

    /// <summary>The lowest level that is written.</summary>
    public LogEventLevel Level { get; set; } = LogEventLevel.Information;

    /// <summary>Days the rolling files are kept: six months is what the law asks for (网络安全法 art. 21).</summary>
    [Range(1, 3650)]
    public int RetainDays { get; set; } = 183;
}

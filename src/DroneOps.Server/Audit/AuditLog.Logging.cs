namespace DroneOps.Server.Audit;

internal sealed partial class AuditLog
{
    private readonly ILogger _logger;

    [LoggerMessage(LogLevel.Information, "Audit log: {Count} entries in {Folder}, all verified")]
    private static partial void LogOpened(ILogger logger, long count, string folder);

    [LoggerMessage(LogLevel.Warning, "Audit log: cut {Bytes} unfinished bytes off the end of {File}, left by a crash and never acknowledged; {Count} entries stand")]
    private static partial void LogTorn(ILogger logger, long bytes, string file, long count);

    [LoggerMessage(LogLevel.Critical, "Audit log: an entry could not be made durable; the service stops")]
    private partial void LogBroken(Exception problem);
}

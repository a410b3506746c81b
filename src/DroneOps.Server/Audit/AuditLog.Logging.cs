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

    [LoggerMessage(LogLevel.Error, "Audit log: there is no room for its reserve in {Folder}")]
    private static partial void LogNoReserve(ILogger logger, string folder);

    [LoggerMessage(LogLevel.Critical, "Audit log: the disk is full; entries go on in the room that was reserved for them")]
    private partial void LogOnReserve(Exception problem);

    [LoggerMessage(LogLevel.Critical, "Audit log: the disk is full and the reserve is used up; nothing that needs an entry is done until there is room")]
    private partial void LogFull(Exception problem);

    [LoggerMessage(LogLevel.Error, "Audit log: no room for a new checkpoint; the one before stands")]
    private partial void LogNoCheckpoint(Exception problem);

    [LoggerMessage(LogLevel.Warning, "Audit log: there is room again, and the reserve is laid down")]
    private partial void LogRoom();
}

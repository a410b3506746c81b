namespace DroneOps.Server;

/// <summary>The program cannot start as it was asked to (a folder that cannot be written, a port in use, an option
/// that does not exist). The message is the one line the operator sees; the process ends with exit code 2.</summary>
internal sealed class StartupException : Exception
{
    public StartupException(string message)
        : base(message)
    {
    }

    public StartupException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

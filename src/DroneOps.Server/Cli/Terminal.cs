using System.CommandLine;
using System.Data.Common;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Cli;

/// <summary>The rim of the program: arguments in, one exit code out. 0: done; 1: the thing that was checked is
/// wrong; 2: the program was used wrongly or cannot start as asked.</summary>
internal static class Terminal
{
    public const int Ok = 0;
    public const int Wrong = 1;
    public const int BadUsage = 2;

    public static async Task<int> RunAsync(string[] args, IReadOnlyList<Command> commands)
    {
        var root = new RootCommand("DroneOps, ground control for a police drone unit.");
        foreach (var command in commands)
        {
            root.Subcommands.Add(command);
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // The parser's first complaint about a misspelled command is that there is none.
            var words = parsed.UnmatchedTokens is [var unknown, ..] ? $"There is no command or option '{unknown}' here." : string.Join(' ', parsed.Errors[0].Message.Split('\n', StringSplitOptions.TrimEntries));
            await Console.Error.WriteLineAsync($"droneops: {words} (see droneops --help)");
            return BadUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception problem) when (Explain(problem) is { } line)
        {
            await Console.Error.WriteLineAsync($"droneops: {line}");
            return BadUsage;
        }
    }

    /// <summary>The one line for a start that was refused; null for anything that would be a bug.</summary>
    private static string? Explain(Exception problem) => problem switch
    {
        StartupException refused => refused.Message,
        OptionsValidationException invalid => OptionAreas.Explain(invalid),
        IOException { InnerException: AddressInUseException } => $"{problem.Message.TrimEnd('.')}. Choose another with --port.",
        DbException => $"The database cannot be used: {problem.Message}",
        IOException { InnerException: SocketException } or SocketException => problem.Message,
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };
}

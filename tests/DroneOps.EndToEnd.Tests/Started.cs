using System.Collections.Concurrent;
using System.Diagnostics;

namespace DroneOps.EndToEnd.Tests;

/// <summary>A program that runs, and what it says.</summary>
internal sealed class Started
{
    public const string Password = "correct horse battery staple";

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Lock _gate = new();
    private readonly List<(string Part, TaskCompletionSource Seen)> _awaited = [];

    private Started(Process process) => Process = process;

    public Process Process { get; }

    /// <summary>Starts a program that was built beside the tests.</summary>
    public static Started Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DRONEOPS_DEMO_PASSWORD"] = Password;
        var started = new Started(new Process { StartInfo = start, EnableRaisingEvents = true });
        started.Process.OutputDataReceived += (_, said) => started.Hear(said.Data);
        started.Process.ErrorDataReceived += (_, said) => started.Hear(said.Data);
        started.Process.Exited += (_, _) => started.End();
        started.Process.Start();
        started.Process.BeginOutputReadLine();
        started.Process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Completes when the program has said a line with that part; fails when it ends first.</summary>
    public async Task LineAsync(string part, TimeSpan patience)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.Any(line => line.Contains(part, StringComparison.Ordinal)))
                return;
            _awaited.Add((part, seen));
        }

        try
        {
            await seen.Task.WaitAsync(patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"'{part}' was not said; what was:{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}", late);
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_gate)
        {
            _lines.Enqueue(line);
            foreach (var (_, seen) in _awaited.Where(wish => line.Contains(wish.Part, StringComparison.Ordinal)))
                seen.TrySetResult();
        }
    }

    private void End()
    {
        lock (_gate)
        {
            foreach (var (part, seen) in _awaited)
                seen.TrySetException(new InvalidOperationException($"The program ended before it said '{part}':{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}"));
        }
    }
}

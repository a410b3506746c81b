using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using DroneOps.Benchmarks;

// usage: DroneOps.Benchmarks [NAME [ARGUMENTS]]; without a name it lists what there is.
Type[] types = typeof(ISystemBenchmark).Assembly.GetTypes();
List<ISystemBenchmark> systems = [.. types
    .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ISystemBenchmark)))
    .Select(type => (ISystemBenchmark)Activator.CreateInstance(type)!)
    .OrderBy(benchmark => benchmark.Name, StringComparer.Ordinal)];
Type[] functions = [.. types
    .Where(type => type.GetMethods().Any(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null))
    .OrderBy(type => type.Name, StringComparer.Ordinal)];

if (args.Length == 0)
{
    foreach (ISystemBenchmark benchmark in systems)
        Console.WriteLine($"{benchmark.Name,-28} {benchmark.Summary}");
    foreach (Type type in functions)
        Console.WriteLine($"{type.Name,-28} functions: {string.Join(", ", Methods(type))}");
    return 0;
}

if (systems.Find(benchmark => benchmark.Name == args[0]) is { } system)
{
    using CancellationTokenSource interrupted = new();
    Console.CancelKeyPress += (_, pressed) =>
    {
        pressed.Cancel = true;
        interrupted.Cancel();
    };
    return await system.RunAsync(args[1..], interrupted.Token);
}

if (Array.Find(functions, type => type.Name == args[0]) is { } chosen)
{
    // In this process: the generated project of the default tool chain would need a restore of its own.
    IConfig config = DefaultConfig.Instance
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
        .WithArtifactsPath(Path.Combine("artifacts", "bench"));
    return BenchmarkRunner.Run(chosen, config, args[1..]).HasCriticalValidationErrors ? 1 : 0;
}

Console.Error.WriteLine($"bench: no benchmark is called {args[0]}; without a name they are listed");
return 2;

static IEnumerable<string> Methods(Type type) => type.GetMethods()
    .Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null).Select(method => method.Name);

using System.Globalization;
using DroneOps.Fuzz;

// usage: DroneOps.Fuzz [--seconds N] [--seed N] [--target NAME] [--findings FOLDER] [--list]
// Exit code 0: nothing found; 1: something found; 2: bad usage.
Dictionary<string, string> options = [];
for (int i = 0; i < args.Length; i++)
{
    if (args[i] == "--list")
        options["--list"] = "";
    else if (args[i] is "--seconds" or "--seed" or "--target" or "--findings" && i + 1 < args.Length)
        options[args[i]] = args[++i];
    else
        return Usage($"unknown option {args[i]}");
}

List<IFuzzTarget> targets = [.. typeof(IFuzzTarget).Assembly.GetTypes()
    .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IFuzzTarget)))
    .Select(type => (IFuzzTarget)Activator.CreateInstance(type)!)
    .OrderBy(target => target.Name, StringComparer.Ordinal)];

if (options.ContainsKey("--list"))
{
    foreach (IFuzzTarget target in targets)
        Console.WriteLine(target.Name);
    return 0;
}

if (options.TryGetValue("--target", out string? name))
    targets.RemoveAll(target => target.Name != name);
if (targets.Count == 0)
    return Usage("no such target; --list names them");
if (!int.TryParse(options.GetValueOrDefault("--seconds", "10"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
    || !int.TryParse(options.GetValueOrDefault("--seed", "1"), NumberStyles.None, CultureInfo.InvariantCulture, out int seed))
    return Usage("--seconds and --seed take a number");

string corpus = Path.Combine(AppContext.BaseDirectory, "Corpus");
string findings = options.GetValueOrDefault("--findings", Path.Combine("artifacts", "fuzz"));
int found = 0;
foreach (IFuzzTarget target in targets)
{
    FuzzRun run = new(target, corpus, findings, TimeProvider.System);
    double rate = run.Run(TimeSpan.FromSeconds(seconds), seed, maxFindings: 10);
    found += run.Findings;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{target.Name,-28} {run.Executions,12:N0} inputs {rate,12:N0} a second {run.Findings,3} findings (seed {seed})"));
}

return found == 0 ? 0 : 1;

static int Usage(string message)
{
    Console.Error.WriteLine($"fuzz: {message}");
    return 2;
}

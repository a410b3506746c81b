using Mono.Cecil;

namespace DroneOps.Architecture.Tests;

/// <summary>The assemblies of the product as they were built, read as IL: what the compiler made counts, not what the
/// source looks like.</summary>
internal static class Product
{
    private static readonly DefaultAssemblyResolver Resolver = MakeResolver();

    public static AssemblyDefinition Mavlink { get; } = Read("DroneOps.Mavlink.dll");

    public static AssemblyDefinition Links { get; } = Read("DroneOps.Links.dll");

    public static AssemblyDefinition Media { get; } = Read("DroneOps.Media.dll");

    public static AssemblyDefinition Vehicles { get; } = Read("DroneOps.Vehicles.dll");

    public static AssemblyDefinition Missions { get; } = Read("DroneOps.Missions.dll");

    public static AssemblyDefinition Server { get; } = Read("droneops.dll");

    public static AssemblyDefinition Simulator { get; } = Read("droneops-sim.dll");

    public static AssemblyDefinition FirmwareBridge { get; } = Read("droneops-bridge.dll");

    public static IReadOnlyList<AssemblyDefinition> All { get; } = [Mavlink, Links, Media, Vehicles, Missions, Server, Simulator, FirmwareBridge];

    /// <summary>The types that a person wrote, nested ones included.</summary>
    public static IEnumerable<TypeDefinition> WrittenTypes(this AssemblyDefinition assembly) =>
        assembly.MainModule.GetTypes().Where(type => !type.IsGenerated());

    /// <summary>Whether a compiler or a generator made the type, or one that it is nested in.</summary>
    public static bool IsGenerated(this TypeDefinition type) =>
        type.Name.Contains('<', StringComparison.Ordinal)
        || type.OutermostNamespace() is var space && (space.Length == 0 || space.StartsWith("OrleansCodeGen", StringComparison.Ordinal)
            || space.EndsWith(".Migrations", StringComparison.Ordinal) || space == "DroneOps.Mavlink.Messages"
            || !space.StartsWith("DroneOps", StringComparison.Ordinal))
        || type.CustomAttributes.Any(attribute => attribute.AttributeType.Name is "CompilerGeneratedAttribute" or "GeneratedCodeAttribute")
        || type.DeclaringType is { } outer && outer.IsGenerated();

    public static TypeReference Outermost(this TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }

    public static string OutermostNamespace(this TypeReference type) => type.Outermost().Namespace;

    /// <summary>The chain of base types, nearest first, as far as it can be read.</summary>
    public static IEnumerable<TypeReference> BaseTypes(this TypeDefinition type)
    {
        for (TypeReference? parent = type.BaseType; parent is not null; parent = Resolve(parent)?.BaseType)
            yield return parent;
    }

    public static TypeDefinition? Resolve(TypeReference type)
    {
        try
        {
            return type.Resolve();
        }
        catch (AssemblyResolutionException)
        {
            return null; // a shared framework that is not next to the tests; its types are none of ours
        }
    }

    private static AssemblyDefinition Read(string file) =>
        AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, file), new ReaderParameters { AssemblyResolver = Resolver });

    private static DefaultAssemblyResolver MakeResolver()
    {
        DefaultAssemblyResolver resolver = new();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        string core = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        resolver.AddSearchDirectory(core);
        string web = Path.Combine(core, "..", "..", "Microsoft.AspNetCore.App", Path.GetFileName(core));
        if (Directory.Exists(web))
            resolver.AddSearchDirectory(web);
        return resolver;
    }
}

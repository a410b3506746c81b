using Mono.Cecil;

namespace DroneOps.Architecture.Tests;

/// <summary>Checks who references whom among the slices of an assembly. A slice is the first name below the root
/// namespace. A slice may use the slices of lower tiers, never its peers or what lies above.</summary>
/// <param name="root">The root namespace.</param>
/// <param name="tiers">The slices, the lowest tier first.</param>
internal sealed class SliceTiers(string root, IReadOnlyList<IReadOnlyList<string>> tiers)
{
    /// <summary>Every reference that goes up or sideways, as "slice type -> slice type".</summary>
    public IEnumerable<string> Violations(AssemblyDefinition assembly)
    {
        List<TypeDefinition> types = [.. assembly.MainModule.Types.Where(type => SliceOf(type) is not null)];

        // Types in the root namespace are either common ground, which knows no slice, or the table of contents, which
        // knows all of them and which nobody may know.
        HashSet<string> contents = [.. types.Where(type => SliceOf(type) == "" && Used(type).Any(used => SliceOf(used) != ""))
            .Select(type => type.FullName)];
        foreach (TypeDefinition type in types.Where(type => SliceOf(type) != ""))
        {
            string slice = SliceOf(type)!;
            if (TierOf(slice) is not { } tier)
            {
                yield return $"{type.FullName} lies in {slice}, which has no tier: give it one";
                continue;
            }

            foreach (TypeReference used in Used(type))
            {
                string other = SliceOf(used)!;
                if (other == "" ? contents.Contains(used.FullName) : other != slice && !(TierOf(other) < tier))
                    yield return $"{slice} {type.Name} -> {(other == "" ? "table of contents" : other)} {used.Name}";
            }
        }
    }

    private IEnumerable<TypeReference> Used(TypeDefinition type) =>
        TypeUses.Of(type).Select(used => used.Outermost()).Where(used => SliceOf(used) is not null && used.Scope == type.Module);

    private string? SliceOf(TypeReference type)
    {
        string space = type.OutermostNamespace();
        if (space == root)
            return "";
        return space.StartsWith(root + ".", StringComparison.Ordinal) ? space[(root.Length + 1)..].Split('.')[0] : null;
    }

    private int? TierOf(string slice)
    {
        for (int tier = 0; tier < tiers.Count; tier++)
        {
            if (tiers[tier].Contains(slice))
                return tier;
        }

        return null;
    }
}

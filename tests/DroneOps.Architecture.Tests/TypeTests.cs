using Mono.Cecil;
using Mono.Cecil.Cil;
using Xunit;

namespace DroneOps.Architecture.Tests;

public sealed class TypeTests
{
    private static readonly string[] EmptySuffixes = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl", "Base", "Service", "Services"];

    private static IEnumerable<TypeDefinition> Written => Product.All.SelectMany(assembly => assembly.WrittenTypes());

    private static IEnumerable<MethodDefinition> Methods => Written.SelectMany(WithNested).SelectMany(type => type.Methods);

    [Fact]
    public void A_type_is_named_by_what_it_is_in_the_domain() =>
        Violations.None($"Names that say nothing ({string.Join(", ", EmptySuffixes)}):", Written
            .Where(type => EmptySuffixes.Any(suffix => type.Name.Split('`')[0].EndsWith(suffix, StringComparison.Ordinal)))
            .Select(type => type.FullName));

    [Fact]
    public void A_class_that_nobody_derives_from_is_sealed()
    {
        HashSet<string> parents = [.. Product.All.SelectMany(assembly => assembly.MainModule.GetTypes())
            .SelectMany(type => type.BaseTypes()).Select(parent => parent.GetElementType().FullName)];
        Violations.None("Sealed by default:", Written
            .Where(type => type.IsClass && !type.IsValueType && !type.IsSealed && !type.IsAbstract && !parents.Contains(type.FullName))
            .Select(type => type.FullName));
    }

    [Fact]
    public void The_programs_have_no_public_types() =>
        // The simulator is a program and the tests' double of a drone; its fleet is public for them.
        Violations.None("Nobody references a program, so its types are internal:",
            new[] { Product.Server, Product.FirmwareBridge }.SelectMany(assembly => assembly.WrittenTypes())
                .Where(type => type.IsPublic).Select(type => type.FullName));

    [Fact]
    public void A_public_type_of_a_library_is_used_by_another_project()
    {
        // Mavlink and Missions are libraries for others too; their surface is reviewed in PublicApi/.
        AssemblyDefinition[] reviewed = [Product.Links, Product.Media, Product.Vehicles];
        HashSet<string> used = [.. Product.All.SelectMany(assembly => assembly.MainModule.GetTypeReferences()).Select(type => type.FullName)];
        List<TypeDefinition> open = [.. reviewed.SelectMany(assembly => assembly.WrittenTypes()).Where(IsOpen)];
        List<TypeDefinition> reached = [.. open.Where(type => used.Contains(type.FullName))];
        for (int i = 0; i < reached.Count; i++)
        {
            HashSet<string> named = [.. SignatureOf(reached[i]).Select(type => type.FullName)];
            reached.AddRange(open.Where(type => (named.Contains(type.FullName) || IsCaseOf(type, reached[i])) && !reached.Contains(type)));
        }

        Violations.None("Internal by default; these are public and no other project uses them:", open.Except(reached).Select(type => type.FullName));
    }

    [Fact]
    public void An_interface_has_at_least_two_sides()
    {
        List<TypeDefinition> types = [.. Product.All.SelectMany(assembly => assembly.MainModule.GetTypes())];
        ILookup<string, TypeDefinition> sides = types.SelectMany(type => type.Interfaces, (type, item) => (type, item.InterfaceType.GetElementType().FullName))
            .ToLookup(pair => pair.FullName, pair => pair.type);

        // One implementation is enough where it is a private class inside another: a face that its owner shows to one
        // partner, whose two sides are the owner and the partner.
        Violations.None("An interface with one implementation is a class with two names:", Written
            .Where(type => type.IsInterface && !IsRemote(type, types) && sides[type.FullName].Count() < 2 && !sides[type.FullName].Any(side => side.IsNestedPrivate))
            .Select(type => $"{type.FullName} ({sides[type.FullName].Count()})"));
    }

    [Fact]
    public void A_constructor_takes_what_it_needs_and_has_no_silent_fallback() =>
        Violations.None("Services are required parameters, never optional ones:", Methods
            .Where(method => method.IsConstructor)
            .SelectMany(method => method.Parameters, (method, parameter) => (method, parameter))
            .Where(pair => pair.parameter.HasDefault && IsCollaborator(pair.parameter.ParameterType))
            .Select(pair => $"{pair.method.DeclaringType.FullName}({pair.parameter.ParameterType.Name} {pair.parameter.Name} = ...)"));

    [Fact]
    public void No_method_is_async_void() =>
        Violations.None("An exception in it ends the process:", Methods
            .Where(method => method.ReturnType.FullName == "System.Void" && method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "AsyncStateMachineAttribute"))
            .Select(method => method.FullName));

    [Fact]
    public void A_grain_stays_on_its_own_scheduler() =>
        Violations.None("ConfigureAwait(false) leaves the grain's turn:", Written
            .Where(type => type.BaseTypes().Any(parent => parent.GetElementType().FullName.StartsWith("Orleans.Grain", StringComparison.Ordinal)))
            .SelectMany(WithNested).SelectMany(type => type.Methods).Where(method => Calls(method).Any(called => called.Name == "ConfigureAwait"))
            .Select(method => method.DeclaringType.Outermost().FullName));

    [Fact]
    public void Every_queue_is_bounded() =>
        Violations.None("A queue says what it does when it is full:", Methods
            .Where(method => Calls(method).Any(called => called.Name == "CreateUnbounded" && called.DeclaringType.Name == "Channel"))
            .Select(method => method.DeclaringType.Outermost().FullName));

    [Fact]
    public void A_cancellation_token_is_the_last_parameter() =>
        Violations.None("The token comes last:", Methods
            .Where(method => !method.DeclaringType.IsGenerated() && !method.Name.Contains('<', StringComparison.Ordinal))
            .Where(method => method.Parameters.Count > 1 && method.Parameters.SkipLast(1).Any(IsToken) && !IsToken(method.Parameters[^1]))
            .Select(method => $"{method.DeclaringType.FullName}.{method.Name}"));

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.Where(nested => nested.IsGenerated()).SelectMany(WithNested).Prepend(type);

    private static IEnumerable<MethodReference> Calls(MethodDefinition method) => !method.HasBody ? [] : method.Body.Instructions
        .Where(instruction => instruction.OpCode.Code is Code.Call or Code.Callvirt or Code.Newobj)
        .Select(instruction => (MethodReference)instruction.Operand);

    private static bool IsToken(ParameterDefinition parameter) => parameter.ParameterType.FullName == "System.Threading.CancellationToken";

    private static bool IsOpen(TypeDefinition type) => type.IsPublic || type.IsNestedPublic && IsOpen(type.DeclaringType);

    // The cases of a closed family come with their parent: a reader matches on the ones it knows.
    private static bool IsCaseOf(TypeDefinition type, TypeDefinition parent) =>
        type.BaseType?.GetElementType().FullName == parent.FullName || type.DeclaringType == parent;

    private static IEnumerable<TypeReference> SignatureOf(TypeDefinition type) => type.Methods
        .Where(method => method.IsPublic || method.IsFamily)
        .SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType))
        .Concat(type.Fields.Where(field => field.IsPublic).Select(field => field.FieldType))
        .Concat(type.Events.Select(item => item.EventType))
        .Concat(type.Interfaces.Select(item => item.InterfaceType))
        .Append(type.BaseType)
        .Concat(type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType))
        .SelectMany(Flatten);

    private static IEnumerable<TypeReference> Flatten(TypeReference? type) => type switch
    {
        null => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Flatten).Append(generic.ElementType),
        TypeSpecification wrapped => Flatten(wrapped.ElementType),
        _ => [type],
    };

    // The other side of a grain interface or of a typed hub client is in another process.
    private static bool IsRemote(TypeDefinition type, List<TypeDefinition> types) =>
        type.Interfaces.Any(item => item.InterfaceType.Namespace == "Orleans")
        || types.Any(other => other.BaseType is GenericInstanceType parent && parent.ElementType.Name == "Hub`1" && parent.GenericArguments[0].FullName == type.FullName);

    private static bool IsCollaborator(TypeReference type) =>
        type.Namespace == "Microsoft.Extensions.Logging" || type.FullName == "System.TimeProvider" || Product.Resolve(type) is { IsInterface: true, Namespace: not "System.Collections.Generic" };
}

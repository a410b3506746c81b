using Mono.Cecil;

namespace DroneOps.Architecture.Tests;

/// <summary>Writes the public surface of a library as text, one line for each type and member, in a stable order.
/// Members that the compiler adds to records are left out: they follow from the record itself.</summary>
internal static class ApiSurface
{
    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["Boolean"] = "bool",
        ["Byte"] = "byte",
        ["SByte"] = "sbyte",
        ["Int16"] = "short",
        ["UInt16"] = "ushort",
        ["Int32"] = "int",
        ["UInt32"] = "uint",
        ["Int64"] = "long",
        ["UInt64"] = "ulong",
        ["Single"] = "float",
        ["Double"] = "double",
        ["String"] = "string",
        ["Object"] = "object",
        ["Void"] = "void",
        ["Char"] = "char",
    };

    public static IReadOnlyList<string> Of(AssemblyDefinition assembly) =>
        [.. assembly.WrittenTypes().Where(IsOpen).OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Lines)];

    private static bool IsOpen(TypeDefinition type) => type.IsPublic || type.IsNestedPublic && IsOpen(type.DeclaringType);

    private static IEnumerable<string> Lines(TypeDefinition type)
    {
        string name = Name(type);
        IEnumerable<string> parents = type.Interfaces.Select(item => item.InterfaceType).Where(parent => !IsOfRecord(parent))
            .Prepend(type.IsValueType || type.IsInterface ? null : type.BaseType)
            .Where(parent => parent is not null && parent.FullName != "System.Object").Select(parent => Name(parent!));
        string inherits = string.Join(", ", parents.Order(StringComparer.Ordinal));
        return Members(type).Order(StringComparer.Ordinal).Select(member => $"{name}: {member}")
            .Prepend($"{Kind(type)} {Name(type, withNamespace: true)}{(inherits.Length > 0 ? " : " + inherits : "")}");
    }

    private static IEnumerable<string> Members(TypeDefinition type)
    {
        if (type.IsEnum)
            return type.Fields.Where(field => field.IsStatic).Select(field => $"{field.Name} = {field.Constant}");
        return type.Fields.Where(field => field.IsPublic && !field.IsSpecialName)
                .Select(field => $"{(field.HasConstant ? "const " : field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)} {field.Name}")
            .Concat(type.Properties.Where(property => property.Name != "EqualityContract").Select(Describe).OfType<string>())
            .Concat(type.Events.Where(item => IsOpen(item.AddMethod)).Select(item => $"event {Name(item.EventType)} {item.Name}"))
            .Concat(type.Methods.Where(method => IsOpen(method) && !IsAccessor(method) && !IsGenerated(method)).Select(Describe));
    }

    private static string? Describe(PropertyDefinition property)
    {
        bool get = IsOpen(property.GetMethod), set = IsOpen(property.SetMethod);
        if (!get && !set)
            return null;
        bool init = set && property.SetMethod.ReturnType is RequiredModifierType;
        string parameters = property.HasParameters ? $"[{Parameters(property.Parameters)}]" : "";
        return $"{((property.GetMethod ?? property.SetMethod).IsStatic ? "static " : "")}{Name(property.PropertyType)} {property.Name}{parameters} {{{(get ? " get;" : "")}{(init ? " init;" : set ? " set;" : "")} }}";
    }

    private static string Describe(MethodDefinition method)
    {
        string name = method.IsConstructor ? "new" : method.Name;
        string generics = method.HasGenericParameters ? $"<{string.Join(", ", method.GenericParameters.Select(parameter => parameter.Name))}>" : "";
        string result = method.IsConstructor ? "" : Name(method.ReturnType) + " ";
        return $"{(method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "")}{(method.IsStatic ? "static " : method.IsAbstract && !method.DeclaringType.IsInterface ? "abstract " : "")}{result}{name}{generics}({Parameters(method.Parameters)})";
    }

    private static string Parameters(IEnumerable<ParameterDefinition> parameters) => string.Join(", ", parameters.Select(parameter =>
        $"{(parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByReference ? "ref " : "")}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasConstant ? $" = {parameter.Constant ?? "null"}" : "")}"));

    private static string Kind(TypeDefinition type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.BaseType?.FullName == "System.MulticastDelegate" ? "delegate"
        : (type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : "")
            + (type.IsValueType ? (type.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "IsByRefLikeAttribute") ? "ref struct" : "struct") : "class");

    private static bool IsOpen(MethodDefinition? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static bool IsAccessor(MethodDefinition method) => method.IsGetter || method.IsSetter || method.IsAddOn || method.IsRemoveOn;

    private static bool IsGenerated(MethodDefinition method) =>
        method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "CompilerGeneratedAttribute")
        || method.Name is "Deconstruct" or "PrintMembers" or "<Clone>$" or "Finalize";

    private static bool IsOfRecord(TypeReference parent) => parent.Name == "IEquatable`1";

    private static string Name(TypeReference type, bool withNamespace = false) => type switch
    {
        GenericInstanceType { ElementType.FullName: "System.Nullable`1" } nullable => Name(nullable.GenericArguments[0]) + "?",
        GenericInstanceType generic => $"{Bare(generic.ElementType, withNamespace)}<{string.Join(", ", generic.GenericArguments.Select(argument => Name(argument)))}>",
        ArrayType array => Name(array.ElementType) + "[]",
        TypeSpecification wrapped => Name(wrapped.ElementType),
        _ when type.HasGenericParameters => $"{Bare(type, withNamespace)}<{string.Join(", ", type.GenericParameters.Select(parameter => parameter.Name))}>",
        _ => Bare(type, withNamespace),
    };

    private static string Bare(TypeReference type, bool withNamespace)
    {
        string name = type.Name.Split('`')[0];
        if (type.Namespace == "System" && Keywords.TryGetValue(name, out string? keyword))
            return keyword;
        if (type.DeclaringType is { } outer)
            return $"{Bare(outer, withNamespace)}.{name}";
        return withNamespace && type.Namespace.Length > 0 ? $"{type.Namespace}.{name}" : name;
    }
}

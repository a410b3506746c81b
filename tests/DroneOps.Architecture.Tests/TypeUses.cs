using Mono.Cecil;
using Mono.Cecil.Cil;

namespace DroneOps.Architecture.Tests;

/// <summary>Every type that a type's metadata and code name: bases, signatures, attributes, locals, calls, generics.
/// Nested types (closures, state machines) are walked with the type that holds them.</summary>
internal static class TypeUses
{
    public static IEnumerable<TypeReference> Of(TypeDefinition type) => Direct(type).SelectMany(Flatten);

    private static IEnumerable<TypeReference?> Direct(TypeDefinition type)
    {
        yield return type.BaseType;
        foreach (TypeReference? used in type.Interfaces.Select(item => item.InterfaceType)
            .Concat(Attributes(type))
            .Concat(type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType))
            .Concat(type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType)))
            .Concat(type.Properties.SelectMany(property => Attributes(property).Append(property.PropertyType)))
            .Concat(type.Events.Select(item => item.EventType))
            .Concat(type.Methods.SelectMany(Direct))
            .Concat(type.NestedTypes.SelectMany(Direct)))
        {
            yield return used;
        }
    }

    private static IEnumerable<TypeReference?> Direct(MethodDefinition method)
    {
        IEnumerable<TypeReference?> used = Attributes(method)
            .Append(method.ReturnType)
            .Concat(method.Parameters.SelectMany(parameter => Attributes(parameter).Append(parameter.ParameterType)))
            .Concat(method.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType));
        return method.HasBody
            ? used.Concat(method.Body.Variables.Select(variable => variable.VariableType))
                .Concat(method.Body.ExceptionHandlers.Select(handler => handler.CatchType))
                .Concat(method.Body.Instructions.SelectMany(Direct))
            : used;
    }

    private static IEnumerable<TypeReference?> Direct(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod generic => [.. generic.GenericArguments, generic.DeclaringType, generic.ReturnType, .. generic.Parameters.Select(parameter => parameter.ParameterType)],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider holder) => holder.CustomAttributes
        .SelectMany(attribute => attribute.ConstructorArguments.Select(argument => argument.Value as TypeReference).Append(attribute.AttributeType));

    private static IEnumerable<TypeReference> Flatten(TypeReference? type) => type switch
    {
        null => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Flatten).Append(generic.ElementType),
        GenericParameter => [],
        TypeSpecification wrapped => Flatten(wrapped.ElementType),
        _ => [type],
    };
}

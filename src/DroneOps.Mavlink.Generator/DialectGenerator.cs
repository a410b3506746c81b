using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DroneOps.Mavlink.Generator;

/// <summary>Turns every MAVLink dialect XML among the project's AdditionalFiles into message structs, enums and the
/// catalog's table. Dropping a vendor's dialect beside the others is all it takes to speak it.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class DialectGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor Fault = new(
        "MAVLINK001", "Fault in a MAVLink dialect", "The dialect {0}", "MAVLink", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var sources = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(".xml", System.StringComparison.OrdinalIgnoreCase))
            .Select(static (file, cancellation) => new DialectSource(file.Path, file.GetText(cancellation)?.ToString() ?? ""))
            .Collect();

        context.RegisterSourceOutput(sources, static (output, files) =>
        {
            if (files.IsEmpty)
                return;
            var (model, errors) = DialectReader.Read(files);
            foreach (var error in errors)
            {
                var position = new LinePosition(System.Math.Max(0, error.Line - 1), System.Math.Max(0, error.Column - 1));
                var location = Location.Create(error.Path, default, new LinePositionSpan(position, position));
                output.ReportDiagnostic(Diagnostic.Create(Fault, location, error.Text));
            }

            var names = new TypeNames(model);
            // The id is part of the file name because names may differ in case alone (SIMSTATE, SIM_STATE).
            foreach (var message in model.Messages.Values)
                output.AddSource($"Messages/{TypeNames.OfMessage(message)}.{message.Id}.g.cs", Source(MessageEmitter.Emit(message, model, names)));
            output.AddSource("Enums.g.cs", Source(EnumEmitter.Emit(model, names)));
            output.AddSource("FieldArrays.g.cs", Source(ArrayEmitter.Emit(model)));
            output.AddSource("GeneratedMessages.g.cs", Source(CatalogEmitter.Emit(model)));
        });
    }

    private static SourceText Source(string text) => SourceText.From(text, Encoding.UTF8);
}

/// <summary>C# type names; an enum that would share a message's name is called ...Kind.</summary>
internal sealed class TypeNames(DialectModel model)
{
    private readonly System.Collections.Generic.HashSet<string> _messages = [.. model.Messages.Values.Select(m => Names.Pascal(m.Name))];

    public static string OfMessage(MessageModel message) => Names.Pascal(message.Name);

    public string Of(EnumModel model)
    {
        var name = Names.Pascal(model.Name);
        return _messages.Contains(name) ? name + "Kind" : name;
    }
}

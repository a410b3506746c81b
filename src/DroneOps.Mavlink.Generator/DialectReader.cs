using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

namespace DroneOps.Mavlink.Generator;

/// <summary>Reads dialect files of MAVLink's own schema into one model. Enums of the same name in several files
/// are merged; a message id or an enum value defined twice with different content is an error.</summary>
internal sealed class DialectReader
{
    private readonly List<DialectError> _errors = [];
    private readonly DialectModel _model = new();

    public static (DialectModel Model, IReadOnlyList<DialectError> Errors) Read(IEnumerable<DialectSource> sources)
    {
        var reader = new DialectReader();
        foreach (var source in sources.OrderBy(s => s.Name, StringComparer.Ordinal))
            reader.ReadFile(source);
        reader.Link();
        return (reader._model, reader._errors);
    }

    private void ReadFile(DialectSource source)
    {
        XElement root;
        try
        {
            // No DTD and no resolver: a vendor's file is input like any other.
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
            using var xml = XmlReader.Create(new StringReader(source.Text), settings);
            root = XDocument.Load(xml, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException e)
        {
            _errors.Add(new(source.Path, e.LineNumber, e.LinePosition, "is not well-formed XML: " + e.Message));
            return;
        }

        if (root.Name.LocalName != "mavlink")
        {
            Error(source, root, $"starts with <{root.Name.LocalName}>, not with <mavlink>");
            return;
        }

        foreach (var element in root.Elements("enums").Elements("enum"))
            ReadEnum(source, element);
        foreach (var element in root.Elements("messages").Elements("message"))
            ReadMessage(source, element);
    }

    private void ReadEnum(DialectSource source, XElement element)
    {
        if (Required(source, element, "name") is not { } name)
            return;
        if (!_model.Enums.TryGetValue(name, out var model))
            _model.Enums.Add(name, model = new EnumModel(name));
        model.Description ??= Description(element);
        model.IsBitmask |= (string?)element.Attribute("bitmask") == "true";

        foreach (var entry in element.Elements("entry"))
        {
            if (Required(source, entry, "name") is not { } entryName)
                continue;
            ulong value;
            if ((string?)entry.Attribute("value") is { } text)
            {
                if (!TryParseValue(text, out value))
                {
                    Error(source, entry, $"enum {name}: the value '{text}' of {entryName} is not a number");
                    continue;
                }
            }
            else
            {
                value = model.Entries.Count == 0 ? 0 : model.Entries.Max(e => e.Value) + 1;
            }

            var twin = model.Entries.FirstOrDefault(e => e.Name == entryName);
            if (twin is null)
                model.Entries.Add(new(entryName, value, Description(entry)));
            else if (twin.Value != value)
                Error(source, entry, $"enum {name}: {entryName} is {value} here and {twin.Value} elsewhere");
        }
    }

    private void ReadMessage(DialectSource source, XElement element)
    {
        if (Required(source, element, "name") is not { } name || Required(source, element, "id") is not { } idText)
            return;
        if (!uint.TryParse(idText, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id > 0xFFFFFF)
        {
            Error(source, element, $"message {name}: the id '{idText}' is not a 24-bit number");
            return;
        }

        var message = new MessageModel(id, name, source.Name) { Description = Description(element) };
        var extensions = false;
        foreach (var child in element.Elements())
        {
            if (child.Name.LocalName == "extensions")
                extensions = true;
            else if (child.Name.LocalName != "field")
                continue;
            else if (ReadField(source, child, name, extensions) is { } field)
                message.Fields.Add(field);
            else
                return;
        }

        WireLayout.Arrange(message);
        if (WireLayout.MaxLength(message) is var length and (0 or > 255))
            Error(source, element, $"message {name}: its payload of {length} bytes is not within 1..255");
        else if (_model.Messages.TryGetValue(id, out var twin) && (twin.Name != name || WireLayout.CrcExtra(twin) != WireLayout.CrcExtra(message)))
            Error(source, element, $"message {name}: id {id} belongs to {twin.Name} of {twin.Dialect}.xml already");
        else
            _model.Messages[id] = message;
    }

    private FieldModel? ReadField(DialectSource source, XElement element, string message, bool isExtension)
    {
        if (Required(source, element, "name") is not { } name || Required(source, element, "type") is not { } typeText)
            return null;
        var length = 0;
        var bracket = typeText.IndexOf('[');
        if (bracket > 0)
        {
            var digits = typeText.Substring(bracket + 1).TrimEnd(']');
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out length) || length is < 1 or > 255)
            {
                Error(source, element, $"message {message}, field {name}: the array length in '{typeText}' is not within 1..255");
                return null;
            }

            typeText = typeText.Substring(0, bracket);
        }

        if (WireType.Find(typeText) is not { } type)
        {
            Error(source, element, $"message {message}, field {name}: unknown type '{typeText}'");
            return null;
        }

        return new FieldModel(name, type, length, isExtension, (string?)element.Attribute("enum"), (string?)element.Attribute("units"),
            (string?)element.Attribute("invalid"), string.IsNullOrWhiteSpace(element.Value) ? null : element.Value.Trim());
    }

    /// <summary>What can only be known once every file is read.</summary>
    private void Link()
    {
        foreach (var field in _model.Messages.Values.SelectMany(m => m.Fields))
        {
            if (field.Enum is { } name && field.Type.Size == 8 && _model.Enums.TryGetValue(name, out var model))
                model.NeedsUInt64 = true;
        }
    }

    private static bool TryParseValue(string text, out ulong value)
    {
        text = text.Trim();
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(text.Substring(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value);
        if (text.IndexOf("**", StringComparison.Ordinal) is > 0 and var power)
        {
            value = 0;
            if (text.Substring(0, power).Trim() != "2" || !int.TryParse(text.Substring(power + 2), out var exponent) || exponent is < 0 or > 63)
                return false;
            value = 1UL << exponent;
            return true;
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static string? Description(XElement element) =>
        element.Element("description")?.Value is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private string? Required(DialectSource source, XElement element, string attribute)
    {
        var value = (string?)element.Attribute(attribute);
        if (string.IsNullOrWhiteSpace(value))
        {
            Error(source, element, $"<{element.Name.LocalName}> has no {attribute}");
            return null;
        }

        return value;
    }

    private void Error(DialectSource source, XElement element, string text)
    {
        var line = (IXmlLineInfo)element;
        _errors.Add(new(source.Path, line.LineNumber, line.LinePosition, text));
    }
}

/// <summary>A fault in a dialect file; line and column count from 1.</summary>
internal sealed record DialectError(string Path, int Line, int Column, string Text);

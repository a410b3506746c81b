using System.Collections.Immutable;
using DroneOps.Mavlink.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace DroneOps.Mavlink.Tests;

public sealed class GeneratorTests
{
    [Fact]
    public void A_vendor_dialect_becomes_a_message_an_enum_and_a_catalog_row()
    {
        var (sources, diagnostics) = Generate("""
            <mavlink><enums><enum name="ACME_LAMP"><entry value="0" name="ACME_LAMP_OFF"/><entry value="2**3" name="ACME_LAMP_3D_GLOW"/></enum></enums>
            <messages><message id="70001" name="ACME_LIGHT"><field type="uint8_t" name="lamp" enum="ACME_LAMP">which</field>
            <field type="uint16_t" name="lux" units="lx">how bright</field><extensions/><field type="char[5]" name="tag">label</field></message></messages></mavlink>
            """);
        Assert.Empty(diagnostics);
        var all = string.Join('\n', sources);
        Assert.Contains("public struct AcmeLight", all);
        Assert.Contains("Lamp3dGlow = 8", all);
        Assert.Contains("new(70001, \"ACME_LIGHT\", \"acme\",", all);
    }

    [Theory]
    [InlineData("<mavlink><messages>", "not well-formed XML")]
    [InlineData("<other/>", "not with <mavlink>")]
    [InlineData("<mavlink><messages><message id='16777216' name='A'><field type='uint8_t' name='b'/></message></messages></mavlink>", "not a 24-bit number")]
    [InlineData("<mavlink><messages><message id='1' name='A'><field type='int128_t' name='b'/></message></messages></mavlink>", "unknown type 'int128_t'")]
    [InlineData("<mavlink><messages><message id='1' name='A'><field type='uint64_t[32]' name='b'/></message></messages></mavlink>", "not within 1..255")]
    [InlineData("<mavlink><messages><message id='1' name='A'><field type='uint8_t[0]' name='b'/></message></messages></mavlink>", "array length")]
    [InlineData("<mavlink><messages><message id='1'/></messages></mavlink>", "has no name")]
    [InlineData("<mavlink><messages><message id='1' name='A'><field type='char' name='b'/></message><message id='1' name='B'><field type='char' name='b'/></message></messages></mavlink>", "belongs to A")]
    [InlineData("<mavlink><enums><enum name='E'><entry name='X' value='one'/></enum></enums></mavlink>", "is not a number")]
    [InlineData("<!DOCTYPE mavlink [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><mavlink>&a;</mavlink>", "not well-formed XML")]
    public void A_faulty_dialect_is_an_error_that_says_what_is_wrong(string xml, string expected)
    {
        var (_, diagnostics) = Generate(xml);
        var fault = Assert.Single(diagnostics);
        Assert.Equal("MAVLINK001", fault.Id);
        Assert.Contains(expected, fault.GetMessage());
    }

    private static (IEnumerable<string> Sources, ImmutableArray<Diagnostic> Diagnostics) Generate(string xml)
    {
        var driver = CSharpGeneratorDriver.Create([new DialectGenerator().AsSourceGenerator()], [new Dialect("acme.xml", xml)])
            .RunGenerators(CSharpCompilation.Create("vendor"));
        var result = driver.GetRunResult();
        return (result.GeneratedTrees.Select(t => t.ToString()), result.Diagnostics);
    }

    private sealed class Dialect(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}

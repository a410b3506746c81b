using System.Text.RegularExpressions;
using Mono.Cecil;
using Xunit;

namespace DroneOps.Architecture.Tests;

/// <summary>docs/protocol-support.md against the compiled conversations: what they name is on the page, and the page names nothing else.</summary>
public sealed partial class ProtocolPageTests
{
    private static readonly string Page = Repository.Read("docs/protocol-support.md");

    [Fact]
    public void The_page_lists_exactly_the_messages_that_the_conversations_use()
    {
        HashSet<string> used = [.. Product.Vehicles.MainModule.GetTypeReferences()
            .Where(type => type.Namespace == "DroneOps.Mavlink.Messages" && Product.Resolve(type) is { } message && IsMessage(message))
            .Select(type => type.Name.ToUpperInvariant())];
        Dictionary<string, string> listed = MessageRow().Matches(Page).Select(row => row.Groups["name"].Value)
            .ToDictionary(name => name.Replace("_", "", StringComparison.Ordinal));

        Violations.None("Used and not on the page, or on the page and not used:",
            used.Except(listed.Keys).Select(name => "+ " + name).Concat(listed.Keys.Except(used).Select(name => "- " + listed[name])));
    }

    [Fact]
    public void The_page_lists_exactly_the_commands_that_a_vehicle_can_be_told()
    {
        IEnumerable<string> commands = Product.Vehicles.MainModule.GetType("DroneOps.Vehicles.VehicleCommand").NestedTypes
            .Where(type => type.IsNestedPublic).Select(type => type.Name);
        string table = Page[Page.IndexOf("## Commands", StringComparison.Ordinal)..Page.IndexOf("## Services", StringComparison.Ordinal)];
        IEnumerable<string> listed = CommandRow().Matches(table).SelectMany(row => row.Groups["names"].Value.Split(", "));

        Assert.Equal(commands.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    private static bool IsMessage(TypeDefinition type) => type.Interfaces.Any(item => item.InterfaceType.Name.StartsWith("IMavlinkMessage", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| (?<name>[A-Z][A-Z0-9_]+) \| (?:in|out|both) \|", RegexOptions.Multiline)]
    private static partial Regex MessageRow();

    [GeneratedRegex(@"^\| (?<names>[A-Z][A-Za-z]+(?:, [A-Z][A-Za-z]+)*) \|", RegexOptions.Multiline)]
    private static partial Regex CommandRow();
}

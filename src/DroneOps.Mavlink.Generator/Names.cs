using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace DroneOps.Mavlink.Generator;

/// <summary>From MAVLink's SNAKE_CASE to C# names that a reader can predict.</summary>
internal static class Names
{
    /// <summary>GLOBAL_POSITION_INT becomes GlobalPositionInt; a leading digit keeps an underscore before it.</summary>
    public static string Pascal(string snake)
    {
        var result = new StringBuilder(snake.Length);
        foreach (var word in snake.Split(['_'], StringSplitOptions.RemoveEmptyEntries))
        {
            var isAllUpper = word.All(c => !char.IsLower(c));
            result.Append(char.ToUpperInvariant(word[0]));
            result.Append(isAllUpper ? word.Substring(1).ToLowerInvariant() : word.Substring(1));
        }

        return result.Length == 0 || char.IsDigit(result[0]) ? "_" + result : result.ToString();
    }

    public static string Camel(string snake)
    {
        var pascal = Pascal(snake).TrimStart('_');
        return "_" + char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
    }

    /// <summary>The entries' names without the prefix they share: MAV_CMD_NAV_LAND in MAV_CMD becomes NavLand.
    /// Where that leaves a digit in front, the enum's last word stands before it: GPS_FIX_TYPE_3D_FIX becomes Type3dFix.</summary>
    public static IReadOnlyList<string> Entries(EnumModel model)
    {
        var prefix = model.Name + "_";
        if (!model.Entries.All(e => e.Name.StartsWith(prefix, StringComparison.Ordinal)))
            prefix = SharedPrefix(model.Entries.Select(e => e.Name).ToList());

        var names = new List<string>();
        foreach (var entry in model.Entries)
        {
            var rest = entry.Name.StartsWith(prefix, StringComparison.Ordinal) && entry.Name.Length > prefix.Length
                ? entry.Name.Substring(prefix.Length)
                : entry.Name;
            var name = char.IsDigit(rest[0])
                ? Pascal(model.Name.Split('_').Last()) + Pascal(rest).TrimStart('_')
                : Pascal(rest);
            names.Add(names.Contains(name) ? Pascal(entry.Name) : name);
        }

        return names;
    }

    private static string SharedPrefix(List<string> names)
    {
        if (names.Count < 2)
            return "";
        var words = names[0].Split('_');
        for (var count = words.Length - 1; count > 0; count--)
        {
            var prefix = string.Join("_", words.Take(count)) + "_";
            if (names.All(n => n.StartsWith(prefix, StringComparison.Ordinal)))
                return prefix;
        }

        return "";
    }
}

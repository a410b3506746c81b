using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace DroneOps.Server;

/// <summary>Configuration by area: one sealed options class for each child of the section <c>DroneOps</c>, bound
/// once, checked when the host starts. A key nobody reads is a mistake somebody made, so it stops the start.</summary>
internal static partial class OptionAreas
{
    /// <summary>The root section; an environment variable is <c>DroneOps__Area__Key</c>.</summary>
    public const string Root = "DroneOps";

    /// <summary>Binds <c>DroneOps:{area}</c> to <typeparamref name="TOptions"/> and validates it (data annotations)
    /// at start. Unknown keys below the area are refused by the binder.</summary>
    /// <returns>The bound value, for modules that must decide something while they register.</returns>
    public static TOptions AddArea<TOptions>(this WebApplicationBuilder builder, string area)
        where TOptions : class, new()
    {
        builder.Services.AddSingleton(new OptionArea(area));
        var section = builder.Configuration.GetSection($"{Root}:{area}");
        builder.Services.AddOptions<TOptions>()
            .Configure(options => Bind(section, options))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        var value = new TOptions();
        Bind(section, value);
        return value;
    }

    /// <summary>One area's options for a command that builds no host, held to the same rules.</summary>
    public static TOptions Read<TOptions>(IConfiguration configuration, string area)
        where TOptions : class, new()
    {
        var value = new TOptions();
        Bind(configuration.GetSection($"{Root}:{area}"), value);
        var faults = new List<ValidationResult>();
        return Validator.TryValidateObject(value, new ValidationContext(value), faults, validateAllProperties: true)
            ? value
            : throw new StartupException($"Configuration, {area}: {string.Join(" ", faults.Select(fault => fault.ErrorMessage))}");
    }

    /// <summary>Refuses areas that no slice has claimed.</summary>
    public static void RefuseUnknown(IServiceProvider services, IConfiguration configuration)
    {
        var known = services.GetServices<OptionArea>().Select(area => area.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unknown = configuration.GetSection(Root).GetChildren().Select(child => child.Key).FirstOrDefault(key => !known.Contains(key));
        if (unknown is not null)
        {
            throw new StartupException($"Configuration: there is no area '{Root}:{unknown}'; the areas are {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        }
    }

    /// <summary>What a person should read about a broken configuration.</summary>
    public static string Explain(OptionsValidationException problem) =>
        $"Configuration, {problem.OptionsType.Name.Replace("Options", "", StringComparison.Ordinal)}: {string.Join(" ", problem.Failures.Select(Reason))}";

    private static void Bind(IConfigurationSection section, object options)
    {
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException problem)
        {
            var unknown = Quoted().Matches(problem.Message).Select(match => match.Value).LastOrDefault();
            var known = string.Join(", ", options.GetType().GetProperties().Where(property => property.CanWrite || (property.PropertyType != typeof(string) && typeof(System.Collections.IEnumerable).IsAssignableFrom(property.PropertyType))).Select(property => property.Name));
            throw new StartupException(
                problem.Message.Contains(nameof(BinderOptions.ErrorOnUnknownConfiguration), StringComparison.Ordinal)
                    ? $"Configuration: {section.Path} has no key {unknown}; its keys are {known}."
                    : $"Configuration, {section.Path}: {problem.Message} {problem.InnerException?.Message}".TrimEnd(),
                problem);
        }
    }

    // The validator wraps the sentence that matters: "... with the error: 'SENTENCE'."
    private static string Reason(string failure) => Wrapped().Match(failure) is { Success: true } match ? match.Groups[1].Value : failure;

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted();

    [GeneratedRegex("with the error: '(.*)'\\.$")]
    private static partial Regex Wrapped();

    private sealed record OptionArea(string Name);
}

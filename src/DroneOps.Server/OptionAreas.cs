using Microsoft.Extensions.Options;

namespace DroneOps.Server;

/// <summary>Configuration by area: one sealed options class for each child of the section <c>DroneOps</c>, bound
/// once, checked when the host starts. A key nobody reads is a mistake somebody made, so it stops the start.</summary>
internal static class OptionAreas
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
    public static string Explain(OptionsValidationException problem) => $"Configuration: {string.Join(" ", problem.Failures)}";

    private static void Bind(IConfigurationSection section, object options)
    {
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException problem)
        {
            throw new StartupException($"Configuration, {section.Path}: {problem.Message}", problem);
        }
    }

    private sealed record OptionArea(string Name);
}

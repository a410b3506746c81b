using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DroneOps.Server;

/// <summary>Builds the service. The command line and the tests go through the same door: what a test starts is what
/// an operator starts, apart from the settings.</summary>
internal static class DroneOpsHost
{
    /// <summary>Builds the host; nothing has been started yet, but the data folder is created and locked.</summary>
    /// <param name="settings">The command-line layer: configuration keys such as <c>DroneOps:Http:Port</c>. They
    /// win over the environment, which wins over appsettings.json.</param>
    /// <param name="configure">Last word on the builder; tests replace <see cref="TimeProvider"/> here.</param>
    /// <exception cref="StartupException">The configuration or the data folder is unusable.</exception>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> settings, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(DroneOpsHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddInMemoryCollection(settings);

        // Production mode outside a published folder needs this to find wwwroot; without it static assets come back empty.
        builder.WebHost.UseStaticWebAssets();
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateScopes = provider.ValidateOnBuild = true);
        builder.Services.TryAddSingleton<TimeProvider>(new SteadyClock(TimeProvider.System));
        Program.AddSlices(builder);
        configure(builder);

        var app = builder.Build();
        OptionAreas.RefuseUnknown(app.Services, app.Configuration);
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.UseApi();
        Program.MapSlices(app);
        return app;
    }
}

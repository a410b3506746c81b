using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NetTopologySuite.IO.Converters;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Serilog;
using Serilog.Events;

namespace DroneOps.Server.Api;

/// <summary>What every slice's endpoints stand on: JSON, problem details, sign-in rules, idempotent POST, OpenAPI,
/// health, metrics, the log, and the console's files.</summary>
internal static class ApiModule
{
    public static void AddApi(this WebApplicationBuilder builder)
    {
        var http = builder.AddArea<HttpOptions>("Http");
        var logging = builder.AddArea<LoggingOptions>("Logging");
        AddLog(builder, logging);
        builder.Services.AddSingleton(KeptStore.ForDays("serverLogs", logging.RetainDays, action: null));
        builder.WebHost.ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, http));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            ConfigureJson(json.SerializerOptions);

            // A misspelled "priority" must not make an urgent call a usual one.
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = FrameworkProblems.Complete);
        builder.Services.AddExceptionHandler<BadRequests>();
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in http.KnownProxies)
            {
                forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
            }
        });
        Policies.Register(builder.Services.AddAuthorizationBuilder());
        builder.Services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.OnRejected = (rejected, _) =>
            {
                if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                    rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
        });
        builder.Services.AddSingleton<AdmissionLine>();
        builder.Services.AddOpenApi("v1", ApiDocument.Describe);
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]).AddCheck<LoopsHealth>("loops", tags: ["ready"]);

        // A mistake in the rota or the flight log must not take from the pilots the service that holds, lands and brings home.
        builder.Services.Configure<HostOptions>(host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("droneops", serviceVersion: typeof(ApiModule).Assembly.GetName().Version?.ToString(3))).WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation()
            .AddMeter("DroneOps.*")
            .AddPrometheusExporter());

        // Where several servers live in one process, each tells its own figures.
        builder.Services.ConfigureOpenTelemetryMeterProvider((services, metrics) =>
        {
            var ours = services.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, ours) ? null : MetricStreamConfiguration.Drop);
        });
        builder.Services.AddSignalR(hubs =>
        {
            hubs.MaximumReceiveMessageSize = 8 * 1024;
            hubs.KeepAliveInterval = TimeSpan.FromSeconds(5);

            // A client that keeps Microsoft's defaults says something every 15 s: twice that is silence, just that is chance.
            hubs.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            hubs.HandshakeTimeout = TimeSpan.FromSeconds(5);
        }).AddJsonProtocol(json => ConfigureJson(json.PayloadSerializerOptions)).AddMessagePackProtocol();
        builder.Services.AddHostedService<IdempotencyCleaning>();
        builder.AddConsoleFiles();
    }

    /// <summary>The pipeline, outermost first.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<SecurityHeaders>();
        app.UseConsoleFiles();
        app.UseWebSockets(new() { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(30) });
        app.UseRouting();
        app.UseMiddleware<OriginCheck>();
        app.UseRateLimiter();
        app.UseMiddleware<AdmissionCheck>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<AntiforgeryCheck>();
        app.UseMiddleware<Idempotency>();
    }

    /// <summary>The endpoints that belong to no slice.</summary>
    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi(WatchedAddresses.Document).AllowAnonymous();
        app.MapHealthChecks(WatchedAddresses.Live, HealthAnswer.Of("live")).AllowAnonymous();
        app.MapHealthChecks(WatchedAddresses.Ready, HealthAnswer.Of("ready")).AllowAnonymous();
        app.MapPrometheusScrapingEndpoint(WatchedAddresses.Metrics).AllowAnonymous();
        app.MapConsoleFiles();
    }

    /// <summary>JSON as the contract writes it; also used for the feed.</summary>
    public static void ConfigureJson(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        json.Converters.Add(new Rfc3339());
        json.Converters.Add(new GeoJsonConverterFactory());
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel, HttpOptions http)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = http.MaxRequestBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        kestrel.Limits.MaxConcurrentConnections = 20_000;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 12_000;
        if (!IPAddress.TryParse(http.Address, out var address))
        {
            throw new StartupException($"Configuration: DroneOps:Http:Address '{http.Address}' is not an IP address.");
        }

        // Kestrel is set up before the options are checked.
        if (http.Port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
        {
            throw new StartupException($"Configuration: DroneOps:Http:Port {http.Port} is not a port; ports are 0 to {IPEndPoint.MaxPort}.");
        }

        kestrel.Listen(address, http.Port);
    }

    private static void AddLog(WebApplicationBuilder builder, LoggingOptions options)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddSerilog(
            (services, log) =>
            {
                log.MinimumLevel.Is(options.Level)
                    .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                    .MinimumLevel.Override("Orleans", LogEventLevel.Warning)
                    .MinimumLevel.Override("Polly", LogEventLevel.Warning)
                    .MinimumLevel.Override("System", LogEventLevel.Warning)

                    // Their warnings at every start are about things we know: no wwwroot before the console is built, keys
                    // protected by the folder's mode, and a watchdog that compares with the machine's start.
                    .MinimumLevel.Override("Microsoft.AspNetCore.StaticFiles", LogEventLevel.Error)
                    .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
                    .MinimumLevel.Override("Orleans.Runtime.Watchdog", LogEventLevel.Error)
                    .Filter.ByExcluding(IsReportedByTheCommandLine)
                    .Enrich.FromLogContext()
                    .WriteTo.File(
                        Path.Combine(services.GetRequiredService<DataFolder>().Sub("logs"), "droneops-.log"),
                        formatProvider: CultureInfo.InvariantCulture,
                        rollingInterval: RollingInterval.Day,
                        retainedFileCountLimit: null,
                        retainedFileTimeLimit: TimeSpan.FromDays(options.RetainDays),
                        fileSizeLimitBytes: 100 * 1024 * 1024,
                        rollOnFileSizeLimit: true);
                if (options.Console)
                {
                    log.WriteTo.Console(formatProvider: CultureInfo.InvariantCulture);
                }
            },
            preserveStaticLogger: true);
    }

    // A refused start is one line on standard error (Cli/Terminal.cs); the host and Kestrel would add two stack traces.
    private static bool IsReportedByTheCommandLine(LogEvent entry) =>
        entry.Exception is not null
        && entry.Properties.TryGetValue("SourceContext", out var source)
        && source.ToString().Trim('"') is var name
        && ((name == "Microsoft.Extensions.Hosting.Internal.Host" && entry.MessageTemplate.Text == "Hosting failed to start")
            || (name == "Microsoft.AspNetCore.Server.Kestrel" && entry.MessageTemplate.Text == "Unable to start Kestrel."));
}

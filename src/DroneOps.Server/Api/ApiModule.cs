using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NetTopologySuite.IO.Converters;
using OpenTelemetry.Metrics;
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
        AddLog(builder, builder.AddArea<LoggingOptions>("Logging"));
        builder.WebHost.ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, http));
        builder.Services.ConfigureHttpJsonOptions(json => ConfigureJson(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
        {
            var status = context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode;
            if (context.ProblemDetails.Type?.StartsWith(Problems.Prefix, StringComparison.Ordinal) != true)
            {
                context.ProblemDetails.Type = Problems.TypeOf(status);
            }
        });
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
        builder.Services.AddRateLimiter(limits => limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests);
        builder.Services.AddOpenApi("v1", ApiDocument.Describe);
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]).AddCheck<LoopsHealth>("loops", tags: ["ready"]);

        // A mistake in the rota or the flight log must not take from the pilots the service that holds, lands and brings home.
        builder.Services.Configure<HostOptions>(host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation()
            .AddMeter("DroneOps.*")
            .AddPrometheusExporter());
        builder.Services.AddSignalR(hubs =>
        {
            hubs.MaximumReceiveMessageSize = 8 * 1024;
            hubs.KeepAliveInterval = TimeSpan.FromSeconds(5);
            hubs.ClientTimeoutInterval = TimeSpan.FromSeconds(15);
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
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<AntiforgeryCheck>();
        app.UseMiddleware<Idempotency>();
    }

    /// <summary>The endpoints that belong to no slice.</summary>
    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapHealthChecks("/healthz/live", new() { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/healthz/ready", new() { Predicate = check => check.Tags.Contains("ready") }).AllowAnonymous();
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
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
                        formatProvider: System.Globalization.CultureInfo.InvariantCulture,
                        rollingInterval: RollingInterval.Day,
                        retainedFileCountLimit: null,
                        retainedFileTimeLimit: TimeSpan.FromDays(options.RetainDays),
                        fileSizeLimitBytes: 100 * 1024 * 1024,
                        rollOnFileSizeLimit: true);
                if (options.Console)
                {
                    log.WriteTo.Console(formatProvider: System.Globalization.CultureInfo.InvariantCulture);
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

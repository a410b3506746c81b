using DroneOps.Server.Api;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Webhooks;

/// <summary>Events out to other systems: subscriptions, the journal of events, a courier for each receiver.</summary>
internal static class WebhooksModule
{
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        var options = builder.AddArea<WebhooksOptions>("Webhooks");
        builder.Services.AddSingleton(KeptStore.ForDays("webhookEvents", EventJournal.KeptFor(options).TotalDays, action: null));
        builder.Services.AddSingleton<WebhookMetrics>();
        builder.Services.AddSingleton<EventJournal>();
        builder.Services.AddSingleton<WebhookBook>();
        builder.Services.AddSingleton<Deliveries>();
        builder.Services.AddSingleton<CourierBag>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EventJournal>());
        builder.Services.AddHostedService<Couriers>();
    }

    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var webhooks = app.MapApiGroup("/webhooks", "Webhooks").RequireAuthorization(Policies.Administer);
        ListWebhooks.Map(webhooks);
        CreateWebhook.Map(webhooks);
        ChangeWebhook.Map(webhooks);
        RotateSecret.Map(webhooks);
        TestWebhook.Map(webhooks);
    }
}

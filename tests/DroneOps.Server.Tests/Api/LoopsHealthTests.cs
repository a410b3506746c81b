using System.Net;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DroneOps.Server.Tests.Api;

/// <summary>What a mistake in one loop does to the rest of the service.</summary>
public sealed class LoopsHealthTests
{
    [Fact]
    public async Task A_loop_that_breaks_leaves_the_service_up_and_not_ready()
    {
        await using var server = await TestServer.StartAsync(Store.Sqlite, builder => builder.Services.AddHostedService<Breaking>());
        using var client = server.Anonymous();
        await Assert.ThrowsAsync<FormatException>(() => server.Services.GetServices<IHostedService>().OfType<Breaking>().Single().ExecuteTask!);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/healthz/live", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync(new Uri("/healthz/ready", UriKind.Relative))).StatusCode);
    }

    private sealed class Breaking : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new FormatException("A mistake.");
        }
    }
}

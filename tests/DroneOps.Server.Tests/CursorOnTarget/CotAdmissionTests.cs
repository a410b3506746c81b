using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.CursorOnTarget;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.CursorOnTarget;

/// <summary>Who may see live positions, and who may not.</summary>
public sealed class CotAdmissionTests
{
    [Fact]
    public async Task A_phone_with_a_certificate_of_our_authority_is_let_in_and_the_audit_log_says_which()
    {
        using CotCertificateFiles files = new();
        await using var server = await StartTlsAsync(files);
        await using var phone = await CotClient.ConnectAsync(PortOf(server), files.Phone(files.Client));
        Show(server);
        Assert.Equal("droneops.vehicle.7", (await phone.NextAsync("a-f-A-M-H-Q")).Of("uid"));

        using var auditor = await server.SignInAsync(Roles.Auditor);
        var opened = Assert.Single((await auditor.GetAsync<Page<AuditRecord>>("/api/v1/audit/entries?action=liveStream.opened")).Items);
        Assert.Equal("CN=phone-7", opened.Details.GetProperty("certificate").GetString());
    }

    [Fact]
    public async Task A_phone_without_a_certificate_or_with_another_authority_s_is_turned_away()
    {
        using CotCertificateFiles files = new();
        using CotCertificateFiles foreign = new();
        await using var server = await StartTlsAsync(files);
        var figures = server.Services.GetRequiredService<CotFigures>();
        Assert.Equal(0, await SeenAsync(server, files.Phone(null)));
        Assert.Equal(0, await SeenAsync(server, files.Phone(foreign.Client)));
        // Right authority, wrong purpose: a server's certificate is no phone's.
        Assert.Equal(0, await SeenAsync(server, files.Phone(files.Server)));

        using var auditor = await server.SignInAsync(Roles.Auditor);
        Assert.Empty((await auditor.GetAsync<Page<AuditRecord>>("/api/v1/audit/entries?action=liveStream.opened")).Items);
        await server.StopAsync();
        Assert.Equal((3, 0), (figures.TurnedAway, figures.Sent));
    }

    [Fact]
    public async Task A_client_from_a_foreign_network_is_turned_away()
    {
        await using var server = await TestServer.StartAsync(
            Store.Sqlite, ("CursorOnTarget:Listeners:0:Address", "tcp://0.0.0.0:0"), ("CursorOnTarget:Listeners:0:Networks:0", "10.20.0.0/16"));
        var figures = server.Services.GetRequiredService<CotFigures>();
        Assert.Equal(0, await SeenAsync(server, null));
        await server.StopAsync();
        Assert.Equal(1, figures.TurnedAway);
    }

    [Fact]
    public async Task One_client_too_many_is_turned_away_and_there_is_room_again_when_one_has_left()
    {
        await using var server = await TestServer.StartAsync(
            Store.Sqlite, ("CursorOnTarget:Listeners:0:Address", "tcp://127.0.0.1:0"), ("CursorOnTarget:Listeners:0:MostClients", "1"));
        await using var first = await CotClient.ConnectAsync(PortOf(server));
        Show(server);
        await first.NextAsync("a-f-A-M-H-Q");
        Assert.Equal(0, await SeenAsync(server, null));
        // The first was not disturbed.
        Show(server);
        await first.NextAsync("a-f-A-M-H-Q");
    }

    [Theory]
    [InlineData("tcp://0.0.0.0:8087", "in clear to anybody")]
    [InlineData("tls://0.0.0.0:8089", "needs a CertificateFile")]
    [InlineData("udp://0.0.0.0:8089", "is not tcp://ADDRESS:PORT")]
    [InlineData("tcp://localhost:8087", "is not tcp://ADDRESS:PORT")]
    [InlineData("", "is not tcp://ADDRESS:PORT")]
    public void A_listener_that_would_tell_anybody_does_not_start(string address, string says)
    {
        CursorOnTargetOptions options = new() { Listeners = { new CotListener { Address = address } } };
        Assert.Contains(options.Validate(new ValidationContext(options)), fault => fault.ErrorMessage!.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void A_listener_with_tls_names_its_clients_authority_or_their_networks()
    {
        CotListener listener = new() { Address = "tls://0.0.0.0:8089", CertificateFile = "server.pem" };
        Assert.Contains("AuthorityFile", Assert.Single(listener.Faults("it")), StringComparison.Ordinal);
        listener.Networks.Add("10.20.0.0/16");
        Assert.Empty(listener.Faults("it"));
        listener.Networks.Add("everywhere");
        Assert.Contains("everywhere", Assert.Single(listener.Faults("it")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://tak.example:8089")]
    [InlineData("tls://tak.example")]
    [InlineData("tls://user@tak.example:8089")]
    [InlineData("tls://tak.example:8089/path")]
    [InlineData("tak.example:8089")]
    public void An_output_that_leads_nowhere_does_not_start(string address) => Assert.NotEmpty(new CotOutput { Address = address }.Faults("it"));

    [Fact]
    public void Certificates_for_a_connection_in_clear_are_a_mistake() =>
        Assert.Contains("write tls://", Assert.Single(new CotOutput { Address = "tcp://[::1]:8087", CertificateFile = "client.p12" }.Faults("it")), StringComparison.Ordinal);

    [Fact]
    public void What_is_told_must_outlast_the_pause_between_two_tellings()
    {
        CursorOnTargetOptions options = new() { EveryS = 10 };
        Assert.Contains(options.Validate(new ValidationContext(options)), fault => fault.ErrorMessage!.Contains("StaleAfterS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_stops_the_start_with_its_name()
    {
        using CotCertificateFiles files = new();
        var refused = await Assert.ThrowsAsync<StartupException>(() => TestServer.StartAsync(
            Store.Sqlite, ("CursorOnTarget:Outputs:0:Address", "tls://127.0.0.1:8089"), ("CursorOnTarget:Outputs:0:CertificateFile", files.AuthorityFile)));
        Assert.Contains(files.AuthorityFile, refused.Message, StringComparison.Ordinal);
    }

    private static IPEndPoint PortOf(TestServer server) => new(IPAddress.Loopback, server.Services.GetRequiredService<CotListening>().EndPoints[0].Port);

    private static void Show(TestServer server)
    {
        server.Services.GetRequiredService<VehicleBoard>().Show(CotSamples.Vehicle("7", "UAV-7", server.Time.GetUtcNow()));
        server.Time.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>How many events a client sees until it is thrown out.</summary>
    private static async Task<int> SeenAsync(TestServer server, SslClientAuthenticationOptions? tls)
    {
        var seen = 0;
        try
        {
            await using var phone = await CotClient.ConnectAsync(PortOf(server), tls);
            Show(server);
            while (await phone.NextAsync() is not null)
                seen++;
        }
        catch (Exception thrownOut) when (thrownOut is IOException or AuthenticationException)
        {
            // The other way in which it ends.
        }

        return seen;
    }

    private static Task<TestServer> StartTlsAsync(CotCertificateFiles files) => TestServer.StartAsync(
        Store.Sqlite,
        ("CursorOnTarget:Listeners:0:Address", "tls://127.0.0.1:0"),
        ("CursorOnTarget:Listeners:0:CertificateFile", files.ServerFile),
        ("CursorOnTarget:Listeners:0:KeyFile", files.ServerKeyFile),
        ("CursorOnTarget:Listeners:0:AuthorityFile", files.AuthorityFile));
}

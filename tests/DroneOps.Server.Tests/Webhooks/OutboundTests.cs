using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using DroneOps.Server.Webhooks;
using FsCheck.Xunit;

namespace DroneOps.Server.Tests.Webhooks;

/// <summary>The parts that decide, without a server.</summary>
public sealed class OutboundTests
{
    // The vector of the Standard Webhooks libraries; also by openssl:
    // printf 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY -binary | base64
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Body = """{"test": 2432232314}""";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Fact]
    public void A_signature_is_the_one_that_other_implementations_make() =>
        Assert.Equal(Signature, SigningSecret.Parse(Secret).Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes(Body)));

    [Fact]
    public void The_page_for_integrators_shows_that_signature()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "api.md"));
        Assert.All((string[])[Secret, Body, Signature[3..], "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"], part => Assert.Contains(part, page, StringComparison.Ordinal));
    }

    [Fact]
    public void A_new_secret_reads_back_and_is_never_the_same()
    {
        var secret = SigningSecret.New();
        Assert.Equal(secret.Text, SigningSecret.Parse(secret.Text).Text);
        Assert.NotEqual(secret.Text, SigningSecret.New().Text);
        Assert.Throws<FormatException>(() => SigningSecret.Parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    }

    [Theory]
    [InlineData("1.1.1.1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    public void Only_addresses_of_the_public_Internet_may_be_called(string address, bool may) =>
        Assert.Equal(may, new Reach([]).Permits(IPAddress.Parse(address)));

    [Fact]
    public void A_network_of_the_options_may_be_called_too()
    {
        var reach = new Reach([IPNetwork.Parse("10.20.0.0/16")]);
        Assert.True(reach.Permits(IPAddress.Parse("10.20.3.4")));
        Assert.True(reach.Permits(IPAddress.Parse("::ffff:10.20.3.4")));
        Assert.False(reach.Permits(IPAddress.Parse("10.21.0.1")));
    }

    [Property]
    public bool The_wait_after_a_failure_grows_to_an_hour_and_strays_by_a_fifth(int failures, double chance)
    {
        var count = 1 + Math.Abs(failures % 10_000);
        var luck = double.IsFinite(chance) ? Math.Abs(chance % 1) : 0.5;
        var wait = Backoff.After(count, luck).TotalSeconds;
        var steady = Math.Min(5 * Math.Pow(2, count - 1), 3600);
        return wait >= (0.8 * steady) - 1e-6 && wait <= (1.2 * steady) + 1e-6;
    }

    [Theory]
    [InlineData("hooks example", "AllowedHosts")]
    [InlineData("ftp://hooks.example", "AllowedHosts")]
    [InlineData("https://hooks.example/path", "AllowedHosts")]
    public void An_entry_that_is_no_host_stops_the_start(string entry, string expected)
    {
        var options = new WebhooksOptions();
        options.AllowedHosts.Add(entry);
        Assert.Contains(expected, Assert.Single(options.Validate(new ValidationContext(options))).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_is_written_as_the_specification_says() => Assert.Equal(
        """{"specversion":"1.0","id":"7","source":"//droneops","type":"cn.droneops.ping","subject":"webhook/1","time":"2026-05-01T00:00:00.25Z","datacontenttype":"application/json","data":{"a":1}}""",
        Encoding.UTF8.GetString(Envelope.Write("droneops", "7", "cn.droneops.ping", "webhook/1", new DateTimeOffset(2026, 5, 1, 0, 0, 0, 250, TimeSpan.Zero), """{"a":1}""")));
}

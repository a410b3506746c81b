using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace DroneOps.Server.Webhooks;

/// <summary>Where events may be sent. Nothing may be called unless it is listed: the service stands inside the police network, and whoever may
/// enter a URL could otherwise make it knock on every door there (OWASP ASVS 5.0, 13.2.4).</summary>
internal sealed class WebhooksOptions : IValidatableObject
{
    /// <summary>The receivers: <c>host</c> (HTTPS on 443), <c>host:port</c> (HTTPS), or <c>http://host:port</c> (plain, for inside networks).</summary>
    public Collection<string> AllowedHosts { get; } = [];

    /// <summary>Networks (CIDR) that are not of the public Internet and that an allowed host may lie in all the same.</summary>
    public Collection<string> AllowedNetworks { get; } = [];

    /// <summary>Our name for the receivers: <c>WebHook-Request-Origin</c>, and the events' source as <c>//NAME</c>.</summary>
    [RegularExpression("^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")]
    public string Origin { get; set; } = "droneops";

    /// <summary>Hours that an event is offered to a receiver that does not take it.</summary>
    [Range(1, 168)]
    public int KeepHours { get; set; } = 24;

    /// <summary>Seconds for the connection, TLS included.</summary>
    [Range(1, 60)]
    public int ConnectTimeoutS { get; set; } = 5;

    /// <summary>Seconds for one delivery, from the name to the answer's head.</summary>
    [Range(1, 120)]
    public int TimeoutS { get; set; } = 10;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var host in AllowedHosts.Where(host => Receiver(host) is null))
            yield return new ValidationResult($"DroneOps:Webhooks:AllowedHosts: '{host}' is not host, host:port or http://host:port.", [nameof(AllowedHosts)]);
        foreach (var network in AllowedNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
            yield return new ValidationResult($"DroneOps:Webhooks:AllowedNetworks: '{network}' is not a network such as 10.20.0.0/16.", [nameof(AllowedNetworks)]);
    }

    /// <summary>Whether a URL leads to a listed receiver.</summary>
    public bool Allows(Uri url) => AllowedHosts.Select(Receiver).Any(known => known is not null
        && known.Scheme == url.Scheme && known.Port == url.Port && string.Equals(known.IdnHost, url.IdnHost, StringComparison.OrdinalIgnoreCase));

    private static Uri? Receiver(string entry) =>
        Uri.TryCreate(entry.Contains("://", StringComparison.Ordinal) ? entry : $"https://{entry}", UriKind.Absolute, out var receiver)
        && (receiver.Scheme == Uri.UriSchemeHttps || receiver.Scheme == Uri.UriSchemeHttp) && receiver is { PathAndQuery: "/", UserInfo: "", Fragment: "" } ? receiver : null;
}

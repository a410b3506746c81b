using System.ComponentModel.DataAnnotations;
using System.Net;

namespace DroneOps.Server.Api;

/// <summary>The listening side.</summary>
internal sealed class HttpOptions : IValidatableObject
{
    /// <summary>The address to listen on; this machine only unless configured.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 8110;

    /// <summary>The largest request body in bytes; endpoints that take files say so themselves.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public long MaxRequestBytes { get; set; } = 1024 * 1024;

    /// <summary>Origins, besides our own, that may open WebSockets and send unsafe requests (a console served elsewhere).</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Nobody else's are.</summary>
    public IList<string> KnownProxies { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        KnownProxies.Where(proxy => !IPAddress.TryParse(proxy, out _)).Select(proxy => new ValidationResult($"KnownProxies: '{proxy}' is not an IP address."));
}

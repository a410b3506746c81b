using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>Cursor on Target for TAK clients: where to, and what is told.</summary>
internal sealed class CursorOnTargetOptions : IValidatableObject
{
    /// <summary>TAK servers that we connect to.</summary>
    public Collection<CotOutput> Outputs { get; } = [];

    /// <summary>Ports on which TAK clients may connect to us.</summary>
    public Collection<CotListener> Listeners { get; } = [];

    /// <summary>Whether drones are told, and where their cameras look.</summary>
    public bool Vehicles { get; set; } = true;

    /// <summary>Whether open incidents are told: place, number, type, priority and state.</summary>
    public bool Incidents { get; set; }

    /// <summary>Whether ground crews are told.</summary>
    public bool Units { get; set; }

    /// <summary>Seconds between two positions of one thing.</summary>
    [Range(0.2, 60)]
    public double EveryS { get; set; } = 1;

    /// <summary>Seconds after which a client is to show a drone as old unless it hears of it again.</summary>
    [Range(2, 600)]
    public double StaleAfterS { get; set; } = 5;

    /// <summary>How far mean sea level lies above the WGS-84 ellipsoid where we fly, in metres, for drones that do not tell it themselves.</summary>
    [Range(-110, 110)]
    public double? GeoidSeparationM { get; set; }

    /// <summary>What the ids of everything told begin with; another one for each installation that tells the same TAK server.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9._-]{1,32}$")]
    public string UidPrefix { get; set; } = "droneops";

    /// <summary>The language of the remarks.</summary>
    public CotLanguage Language { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (StaleAfterS < 2 * EveryS)
            yield return new("DroneOps:CursorOnTarget:StaleAfterS must be twice EveryS or more, or everything looks old between two reports.");
        foreach (var fault in Outputs.SelectMany((output, number) => output.Faults($"DroneOps:CursorOnTarget:Outputs:{number}")))
            yield return new(fault);
        foreach (var fault in Listeners.SelectMany((listener, number) => listener.Faults($"DroneOps:CursorOnTarget:Listeners:{number}")))
            yield return new(fault);
    }
}

/// <summary>A language of the remarks.</summary>
internal enum CotLanguage
{
    Zh,
    En,
}

/// <summary>A TAK server that we connect to.</summary>
internal sealed class CotOutput
{
    /// <summary><c>tcp://HOST:PORT</c> or <c>tls://HOST:PORT</c>.</summary>
    public string Address { get; set; } = "";

    /// <summary>Our certificate: PEM, or PKCS#12 when there is no <see cref="KeyFile"/>.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The certificate's key, PEM.</summary>
    public string? KeyFile { get; set; }

    /// <summary>A file that holds the password of the key or of the PKCS#12 file.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>The certificates, PEM, of whoever signs the server's; without it the machine's own list counts.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>The name in the server's certificate where it is not the host of the address.</summary>
    public string? ServerName { get; set; }

    public IEnumerable<string> Faults(string where)
    {
        if (!CotAddress.TryParse(Address, out var address))
            yield return $"{where}:Address '{Address}' is not tcp://HOST:PORT or tls://HOST:PORT.";
        else if (address.Port == 0)
            yield return $"{where}:Address needs a port; TAK servers take TLS at 8089.";
        else if (!address.IsTls && (CertificateFile ?? AuthorityFile ?? ServerName) is not null)
            yield return $"{where} has certificates, and its address '{Address}' does not use them: write tls://.";
    }
}

/// <summary>A port on which TAK clients may connect to us.</summary>
internal sealed class CotListener
{
    /// <summary><c>tcp://ADDRESS:PORT</c> or <c>tls://ADDRESS:PORT</c>; port 0 takes a free one.</summary>
    public string Address { get; set; } = "";

    /// <summary>Our certificate: PEM, or PKCS#12 when there is no <see cref="KeyFile"/>.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The certificate's key, PEM.</summary>
    public string? KeyFile { get; set; }

    /// <summary>A file that holds the password of the key or of the PKCS#12 file.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>The certificates, PEM, of whoever signs the clients': with it a client must show one that they signed.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>Networks that clients may come from, such as <c>10.20.0.0/16</c>; without any, all.</summary>
    public Collection<string> Networks { get; } = [];

    /// <summary>Clients at a time; the next one is turned away.</summary>
    public int MostClients { get; set; } = 50;

    public IEnumerable<string> Faults(string where)
    {
        if (!CotAddress.TryParse(Address, out var address) || !IPAddress.TryParse(address.Host, out var local))
        {
            yield return $"{where}:Address '{Address}' is not tcp://ADDRESS:PORT or tls://ADDRESS:PORT; 0.0.0.0 is every address of this machine.";
            yield break;
        }

        if (Networks.FirstOrDefault(text => !IPNetwork.TryParse(text, out _)) is { } wrong)
            yield return $"{where}:Networks: '{wrong}' is not a network such as 10.20.0.0/16.";
        if (MostClients is < 1 or > 1000)
            yield return $"{where}:MostClients must be 1 to 1000.";
        if (!address.IsTls && !IPAddress.IsLoopback(local) && Networks.Count == 0)
            yield return $"{where} would tell live positions in clear to anybody: use tls://, a loopback address, or name the Networks.";
        if (address.IsTls && CertificateFile is null)
            yield return $"{where} needs a CertificateFile for tls://.";
        if (address.IsTls && AuthorityFile is null && Networks.Count == 0)
            yield return $"{where} would tell live positions to anybody: name the AuthorityFile of the clients' certificates, or the Networks.";
    }
}

using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DroneOps.Server.Tests.CursorOnTarget;

/// <summary>An authority and what it signed, as files in a folder of its own, made for one test.</summary>
internal sealed class CotCertificateFiles : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly string _folder = Directory.CreateTempSubdirectory("droneops-cot-").FullName;
    private readonly X509Certificate2 _authority;

    public CotCertificateFiles()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=unit authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(30));
        AuthorityFile = Path.Combine(_folder, "authority.pem");
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
        using var server = Sign("CN=takserver", ForServers, "takserver");
        ServerFile = Path.Combine(_folder, "server.pem");
        ServerKeyFile = Path.Combine(_folder, "server.key");
        File.WriteAllText(ServerFile, server.ExportCertificatePem());
        using var serverKey = server.GetECDsaPrivateKey()!;
        File.WriteAllText(ServerKeyFile, serverKey.ExportPkcs8PrivateKeyPem());
        Server = X509CertificateLoader.LoadPkcs12(server.Export(X509ContentType.Pfx), null);
        using var phone = Sign("CN=phone-7", ForClients, "phone-7");
        Client = X509CertificateLoader.LoadPkcs12(phone.Export(X509ContentType.Pfx), null);
        ClientFile = Path.Combine(_folder, "client.p12");
        ClientPasswordFile = Path.Combine(_folder, "password");
        File.WriteAllBytes(ClientFile, phone.Export(X509ContentType.Pfx, "atakatak"));
        File.WriteAllText(ClientPasswordFile, "atakatak\n");
    }

    public string AuthorityFile { get; }

    public string ServerFile { get; }

    public string ServerKeyFile { get; }

    public string ClientFile { get; }

    public string ClientPasswordFile { get; }

    public X509Certificate2 Client { get; }

    public X509Certificate2 Server { get; }

    // TLS looks at the machine's clock, whatever the test's says.
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>How a phone connects that trusts this authority and shows that certificate.</summary>
    public SslClientAuthenticationOptions Phone(X509Certificate2? shows) => new()
    {
        TargetHost = "takserver",
        CertificateChainPolicy = Trust(),
        ClientCertificateContext = shows is null ? null : SslStreamCertificateContext.Create(shows, null, offline: true),
    };

    /// <summary>How a TAK server takes a connection.</summary>
    public SslServerAuthenticationOptions TakServer() => new()
    {
        ServerCertificate = Server,
        ClientCertificateRequired = true,
        CertificateChainPolicy = Trust(),
    };

    public void Dispose()
    {
        _authority.Dispose();
        Client.Dispose();
        Server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private X509ChainPolicy Trust()
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_authority);
        return policy;
    }

    private X509Certificate2 Sign(string subject, string purpose, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        using var signed = request.Create(_authority, Now.AddHours(-1), Now.AddDays(10), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}

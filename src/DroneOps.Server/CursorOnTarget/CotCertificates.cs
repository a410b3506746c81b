using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>Reads certificates and says whom a TLS connection trusts.</summary>
internal static class CotCertificates
{
    private static readonly Oid ForServers = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ForClients = new("1.3.6.1.5.5.7.3.2");

    /// <summary>How we show ourselves to a server, and which servers we believe.</summary>
    /// <exception cref="StartupException">A file cannot be read.</exception>
    public static SslClientAuthenticationOptions ForOutput(CotOutput output, CotAddress address) => new()
    {
        TargetHost = output.ServerName ?? address.Host,
        ClientCertificateContext = output.CertificateFile is null ? null : Context(output.CertificateFile, output.KeyFile, output.PasswordFile),
        CertificateChainPolicy = output.AuthorityFile is null ? null : Trusting(output.AuthorityFile, ForServers),
    };

    /// <summary>How we show ourselves to clients, and which clients we let in.</summary>
    /// <exception cref="StartupException">A file cannot be read.</exception>
    public static SslServerAuthenticationOptions ForListener(CotListener listener) => new()
    {
        ServerCertificateContext = Context(listener.CertificateFile!, listener.KeyFile, listener.PasswordFile),
        ClientCertificateRequired = listener.AuthorityFile is not null,
        CertificateChainPolicy = listener.AuthorityFile is null ? null : Trusting(listener.AuthorityFile, ForClients),
    };

    private static SslStreamCertificateContext Context(string certificateFile, string? keyFile, string? passwordFile)
    {
        try
        {
            var password = passwordFile is null ? null : File.ReadAllText(passwordFile).TrimEnd('\r', '\n');
            if (keyFile is null)
            {
                var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(certificateFile, password);
                return SslStreamCertificateContext.Create(all.First(one => one.HasPrivateKey), all, offline: true);
            }

            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(certificateFile);
            var own = password is null ? X509Certificate2.CreateFromPemFile(certificateFile, keyFile) : X509Certificate2.CreateFromEncryptedPemFile(certificateFile, password, keyFile);
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException or InvalidOperationException)
        {
            throw new StartupException($"The certificate in {certificateFile} cannot be used: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>A unit's certificates are signed in the house and have no lists of revoked ones in the network: whoever must not come any more is
    /// kept out by a new authority.</summary>
    private static X509ChainPolicy Trusting(string authorityFile, Oid purpose)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.ApplicationPolicy.Add(purpose);
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(authorityFile);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartupException($"The certificates in {authorityFile} cannot be read: {unreadable.Message}", unreadable);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new StartupException($"There is no certificate in {authorityFile}.");
    }
}

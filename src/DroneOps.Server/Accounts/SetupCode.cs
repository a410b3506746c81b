using System.Security.Cryptography;
using System.Text;

namespace DroneOps.Server.Accounts;

/// <summary>The one-time code of a first start: whoever can read the server's console may make the first account.
/// It lives in memory only; a restart prints another while there is no account.</summary>
internal sealed class SetupCode
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private readonly Lock _lock = new();
    private string? _code;

    /// <summary>Makes the code: 80 random bits in four groups.</summary>
    public string Issue()
    {
        lock (_lock)
        {
            return _code = string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 4)));
        }
    }

    /// <summary>Spends the code; true once.</summary>
    public bool Redeem(string code)
    {
        lock (_lock)
        {
            var isRight = _code is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_code), Encoding.UTF8.GetBytes(code.Trim().ToUpperInvariant()));
            if (isRight)
            {
                _code = null;
            }

            return isRight;
        }
    }

    /// <summary>Puts a spent code back, when the account could not be made with it.</summary>
    public void Restore(string code)
    {
        lock (_lock)
        {
            _code ??= code.Trim().ToUpperInvariant();
        }
    }
}

using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Platform.TenantShard.Auth;

/// <summary>
/// bcrypt hashes as PocketBase stores them: <c>$2a$10$</c>, 22 characters of salt, 31 of hash. Takes tens of
/// milliseconds of one core: call it through <see cref="PasswordHasher"/>.
/// </summary>
internal static unsafe class Bcrypt
{
    /// <summary>
    /// Each step doubles the time: this is some seconds of a core, which nothing can stop before its end. PocketBase's 31
    /// is a day; such a hash, from an import or a superuser's SQL, matches nothing.
    /// </summary>
    public const int CostMax = 16;

    private const int SaltBytes = 16;
    private const int PrefixLength = 4;
    private const int HashLength = 60;

    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Hash(string password, int cost)
    {
        Span<byte> salt = stackalloc byte[SaltBytes];
        RandomNumberGenerator.Fill(salt);
        var setting = string.Create(CultureInfo.InvariantCulture, $"$2b${cost:D2}${Encode(salt)}");
        var hash = Run(password, setting)
            ?? throw new InvalidOperationException("The system's crypt_r has refused a bcrypt setting.");
        return string.Concat("$2a$", hash.AsSpan(PrefixLength));
    }

    /// <summary>
    /// False as well when <paramref name="hash"/> is no bcrypt hash, or one of more than <see cref="CostMax"/>.
    /// </summary>
    public static bool Verify(string password, string hash)
    {
        if (hash.Length != HashLength || hash[0] != '$' || hash[1] != '2' || password.Contains('\0')) return false;
        if (!int.TryParse(hash.AsSpan(PrefixLength, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var cost)
            || cost > CostMax) return false;
        // "2b" is the plain algorithm; for "2a" libxcrypt adds a countermeasure that Go does not know.
        var actual = Run(password, string.Concat("$2b$", hash.AsSpan(PrefixLength)));
        return actual is not null
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(actual[PrefixLength..]), Encoding.UTF8.GetBytes(hash[PrefixLength..]));
    }

    private static string? Run(string password, string setting)
    {
        var state = ArrayPool<byte>.Shared.Rent(BcryptNative.StateBytes);
        try
        {
            // The library wants the state zeroed; that also wipes what the last user left.
            state.AsSpan().Clear();
            var phrase = Encoding.UTF8.GetBytes(password + '\0');
            var salt = Encoding.UTF8.GetBytes(setting + '\0');
            fixed (byte* phrasePointer = phrase, saltPointer = salt, statePointer = state)
            {
                var result = BcryptNative.Crypt(phrasePointer, saltPointer, statePointer);
                var text = result is null ? null : Marshal.PtrToStringUTF8((nint)result);
                return text is { Length: HashLength } && text[0] == '$' ? text : null;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(state, clearArray: true);
        }
    }

    /// <summary>bcrypt's base64: its own alphabet, big endian, no padding.</summary>
    private static string Encode(ReadOnlySpan<byte> salt)
    {
        var text = new StringBuilder(22);
        for (var index = 0; index < salt.Length; index += 3)
        {
            var first = salt[index];
            text.Append(Alphabet[first >> 2]);
            if (index + 1 >= salt.Length)
            {
                text.Append(Alphabet[(first & 3) << 4]);
                break;
            }

            var second = salt[index + 1];
            text.Append(Alphabet[((first & 3) << 4) | (second >> 4)]);
            var third = salt[index + 2];
            text.Append(Alphabet[((second & 15) << 2) | (third >> 6)]).Append(Alphabet[third & 63]);
        }

        return text.ToString();
    }
}

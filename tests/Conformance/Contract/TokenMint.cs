using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Platform.Conformance.Tests.Contract;

/// <summary>
/// Signs tokens as the contract says they are signed (HS256 with the record's token key and the collection's secret of
/// that kind), from nothing but the contract: the world gives its people keys and secrets that are known.
/// </summary>
internal static class TokenMint
{
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    /// <summary>The token key that <c>world.yaml</c> gives a person: at least 30 characters.</summary>
    public static string KeyOf(string person) => $"token-key-of-{person}".PadRight(40, '0');

    /// <summary>The secret of a kind that <c>world.yaml</c> gives each auth collection.</summary>
    public static string SecretOf(string kind) => $"{kind}Token-secret".PadRight(40, '0');

    /// <param name="server">Knows the people.</param>
    /// <param name="kind">auth, file, verification, passwordReset or emailChange.</param>
    /// <param name="person">Whose.</param>
    /// <param name="flaws">expired, forged, static: what is special about it.</param>
    /// <param name="newEmail">Of a change.</param>
    public static string Create(ContractServer server, string kind, string person, string flaws, string newEmail)
    {
        var life = flaws.Contains("expired", StringComparison.Ordinal) ? -60 : 600;
        var collection = server.People[person];
        var claims = new JsonObject
        {
            ["collectionId"] = server.Collections.TryGetValue(collection, out var id) ? id : FixedId(collection),
            ["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + life,
            ["id"] = RowRun.IdOf(person),
            ["type"] = kind,
        };
        if (kind == "auth") claims["refreshable"] = !flaws.Contains("static", StringComparison.Ordinal);
        else if (kind != "file") claims["email"] = $"{person}@example.com";
        if (kind == "emailChange") claims["newEmail"] = newEmail;
        var signed = $"{Header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        var key = KeyOf(person) + SecretOf(flaws.Contains("forged", StringComparison.Ordinal) ? "wrong" : kind);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The collections that every tenant has.</summary>
    private static string FixedId(string collection) => collection switch
    {
        "users" => "_pb_users_auth_",
        "_superusers" => "pbc_3142635823",
        _ => throw new InvalidDataException($"The world has no collection {collection}."),
    };
}

using System.Text;

namespace Platform.TenantShard.Tests.Fuzzing;

/// <summary>Small damages to texts and bytes; the same seed does the same.</summary>
internal sealed class Mutation(Random random)
{
    private static readonly string[] Scraps =
    [
        "'", "\"", "\\", "\\'", "%", "_", "\0", "\r\n", "\t", "..", "../", "//", "/*", "*/", "--", ";", "`", "{", "}", "[", "]", "(", ")", "((((((((",
        "&&", "||", "!=", "?=", "~", "=", ">", ",", ".", ":", "@", "#", "$", "-", "+", "null", "true", "1e999", "-1", "99999999999999999999", "0x10",
        "\u00e9", "\u65e5", "\ud83d\ude00", "\ud83d", "\udc00", "\uffff", "\u202e", "@request.auth.id", "@collection.vault.secret", "vault", "sqlite_master",
        "_via_", "vault_via_other", ":each", ":length", ":isset", ":lower", ":excerpt(1)", "' OR 1=1 --", "'; DROP TABLE fuzzed; --", "UNION SELECT",
        "load_extension('x')", "geoDistance(", "strftime('%Y',", "@now", "id", "other", "many.title", "\"id\":", "Content-Disposition:", "filename=", "--boundary",
    ];

    public string Of(string text)
    {
        var result = new StringBuilder(text);
        for (var times = random.Next(1, 5); times > 0; times--) Damage(result);
        return result.ToString();
    }

    public byte[] Of(byte[] bytes)
    {
        var result = bytes.ToList();
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(result.Count + 1);
            switch (random.Next(4))
            {
                case 0: result.Insert(at, (byte)random.Next(256)); break;
                case 1 when at < result.Count: result[at] = (byte)random.Next(256); break;
                case 2: result.RemoveRange(at, Math.Min(random.Next(20), result.Count - at)); break;
                default: result.InsertRange(at, Encoding.UTF8.GetBytes(Scrap())); break;
            }
        }

        return [.. result];
    }

    public string Scrap() => Scraps[random.Next(Scraps.Length)];

    private void Damage(StringBuilder text)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(random.Next(1, 12), text.Length - at);
        switch (random.Next(6))
        {
            case 0: text.Remove(at, length); break;
            case 1: text.Insert(at, text.ToString(at, length)); break;
            case 2: text.Insert(at, (char)random.Next(0x250)); break;
            case 3: text.Insert(at, string.Concat(Enumerable.Repeat(Scrap(), random.Next(1, 40)))); break;
            default: text.Insert(at, Scrap()); break;
        }
    }
}

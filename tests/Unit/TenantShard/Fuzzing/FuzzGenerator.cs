using System.Text;

namespace Platform.TenantShard.Tests.Fuzzing;

/// <summary>Requests that are nearly right: each is made from a good one by a few damages.</summary>
internal sealed class FuzzGenerator
{
    private const string Records = "api/collections/fuzzed/records";
    private const string Boundary = "fuzz";

    private static readonly string[] Filters =
    [
        "title = 'a' && number > 1", "many.title ?~ 'b' || other.title = null", "fuzzed_via_other.number >= 2.5", "list:each ~ 'red' && list:length > 1",
        "data.a.b = true", "(title != '' && (id = 'x' || flag = false))", "date > @now && date < '2024-01-02'", "geoDistance(number, 1, 2, 3) < 10",
        "strftime('%Y', date) = '2024'", "title:lower = 'A' // comment", "other.many.title !~ '100%'",
    ];

    private static readonly string[] Queries =
    [
        "page=1&perPage=2", "sort=-title,other.title,@random", "fields=id,title:excerpt(3,true),expand.other.title", "expand=other,many.other,fuzzed_via_other",
        "skipTotal=1&page=2", "token=abc", "thumb=10x10&download=1",
    ];

    private static readonly string[] Bodies =
    [
        """{"title":"a","number":1.5,"flag":true,"date":"2024-01-02 03:04:05Z","list":["red"],"data":{"a":[1,{"b":null}]}}""",
        """{"other":"other0000000001","many":["other0000000001"],"number+":2,"list-":"red","+list":"green"}""",
        """{"id":"abcdefghij12345","mail":"a@example.com","link":"https://example.com","place":{"lon":1,"lat":2},"text":"<p>x</p>"}""",
        """{"identity":"a@example.com","password":"12345678"}""", """{"clientId":"x","subscriptions":["fuzzed/*"]}""",
        """{"requests":[{"method":"POST","url":"/api/collections/fuzzed/records","body":{"title":"b"}}]}""",
    ];

    private static readonly string[] Paths =
    [
        Records, Records + "/fuzzed000000001", "api/collections/fuzzed/auth-with-password", "api/collections/users/auth-with-password", "api/realtime", "api/batch",
        "api/files/fuzzed/fuzzed000000001/a.txt", "api/collections/fuzzed", "api/health", "api/collections/users/auth-methods", "api/collections/vault/records",
        "api/files/token", "api/collections/users/request-password-reset", "api/collections/users/confirm-verification", "api/oauth2-redirect", "api/settings",
    ];

    private readonly Random _random;
    private readonly Mutation _mutation;
    private readonly string[] _tokens;

    /// <param name="seed">Makes all that follows.</param>
    /// <param name="tokens">Of guests of different kinds; damaged ones are sent too.</param>
    public FuzzGenerator(int seed, params string[] tokens)
    {
        _random = new Random(seed);
        _mutation = new Mutation(_random);
        _tokens = tokens;
    }

    public FuzzRequest Next() => _random.Next(10) switch
    {
        0 or 1 or 2 => Get($"{Records}?filter={Escape(_mutation.Of(Pick(Filters)))}"),
        3 => Get($"{Records}?{_mutation.Of(Pick(Queries))}"),
        4 => Get($"{Records}?sort={Escape(_mutation.Of("title,-other.title"))}&fields={Escape(_mutation.Of("id,data.a,expand.many.*"))}"
            + $"&expand={Escape(_mutation.Of("other.many,fuzzed_via_other"))}"),
        5 => Get($"{Records}/{_mutation.Of("fuzzed000000001")}"),
        6 => Form(),
        7 => new FuzzRequest(Pick(["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD"]), Path(_mutation.Of(Pick(Paths))), Body(), "application/json", Token()),
        8 => new FuzzRequest("PATCH", Records + "/fuzzed000000001", Body(), "application/json", Token()),
        _ => new FuzzRequest("POST", Pick(Paths), Body(), Pick(["application/json", "text/plain", "application/x-www-form-urlencoded"]), Token()),
    };

    private static string Escape(string text)
    {
        // Half a surrogate pair is no Unicode; its bytes are sent all the same.
        var escaped = new StringBuilder();
        foreach (var one in Encoding.UTF8.GetBytes(text)) escaped.Append('%').Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        return escaped.ToString();
    }

    /// <summary>What cannot be in a request line would test the server's parser instead of the platform.</summary>
    private static string Path(string path)
    {
        var clean = new StringBuilder();
        foreach (var c in path)
        {
            if (c is > ' ' and < '\x7f' and not '#') clean.Append(c);
            else clean.Append(Escape(c.ToString()));
        }

        return clean.ToString().TrimStart('/');
    }

    private FuzzRequest Get(string path) => new("GET", Path(path), null, "", Token());

    private FuzzRequest Form()
    {
        var form = $"""
            --{Boundary}
            Content-Disposition: form-data; name="title"

            a
            --{Boundary}
            Content-Disposition: form-data; name="list"

            red
            --{Boundary}
            Content-Disposition: form-data; name="files"; filename="a.txt"
            Content-Type: text/plain

            content
            --{Boundary}--

            """.ReplaceLineEndings("\r\n");
        var bytes = _mutation.Of(Encoding.UTF8.GetBytes(form));
        var type = _random.Next(6) == 0 ? _mutation.Of("multipart/form-data; boundary=" + Boundary) : "multipart/form-data; boundary=" + Boundary;
        return new FuzzRequest("POST", Records, bytes, string.Concat(type.Where(c => c is >= ' ' and < '\x7f')), Token());
    }

    private byte[] Body() => _random.Next(3) == 0
        ? _mutation.Of(Encoding.UTF8.GetBytes(Pick(Bodies)))
        : Encoding.UTF8.GetBytes(_mutation.Of(Pick(Bodies)));

    private string? Token() => _random.Next(4) switch
    {
        0 => Pick(_tokens),
        1 => string.Concat(_mutation.Of(Pick(_tokens)).Where(c => c is > ' ' and < '\x7f')),
        _ => null,
    };

    private string Pick(string[] values) => values[_random.Next(values.Length)];
}

using Xunit.Abstractions;

namespace Platform.TenantShard.Tests.Http;

/// <summary>One row of an API test: a request, and what its answer must and must not be.</summary>
public sealed class ApiScenario : IXunitSerializable
{
    public string Name { get; set; } = "";

    public string Method { get; set; } = "GET";

    public string Path { get; set; } = "";

    public string? Body { get; set; }

    /// <summary>Null = guest; otherwise a name that the fixture knows a token for, or a token.</summary>
    public string? As { get; set; }

    public int Status { get; set; } = 200;

    public string[] Contains { get; set; } = [];

    public string[] Lacks { get; set; } = [];

    public void Deserialize(IXunitSerializationInfo info)
    {
        Name = info.GetValue<string>(nameof(Name));
        Method = info.GetValue<string>(nameof(Method));
        Path = info.GetValue<string>(nameof(Path));
        Body = info.GetValue<string?>(nameof(Body));
        As = info.GetValue<string?>(nameof(As));
        Status = info.GetValue<int>(nameof(Status));
        Contains = info.GetValue<string[]>(nameof(Contains));
        Lacks = info.GetValue<string[]>(nameof(Lacks));
    }

    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(Name), Name);
        info.AddValue(nameof(Method), Method);
        info.AddValue(nameof(Path), Path);
        info.AddValue(nameof(Body), Body);
        info.AddValue(nameof(As), As);
        info.AddValue(nameof(Status), Status);
        info.AddValue(nameof(Contains), Contains);
        info.AddValue(nameof(Lacks), Lacks);
    }

    public override string ToString() => $"{Name}: {Method} {Path}";

    internal async Task RunAsync(ApiServer server, IReadOnlyDictionary<string, string> tokens)
    {
        var token = As is not null && tokens.TryGetValue(As, out var known) ? known : As;
        var answer = await server.SendAsync(Method, Path, Body, token);
        Assert.True(answer.Status == Status, $"{Name}: expected {Status}, got {answer.Status}: {answer.Body}");
        foreach (var text in Contains) Assert.Contains(text, answer.Body, StringComparison.Ordinal);
        foreach (var text in Lacks) Assert.DoesNotContain(text, answer.Body, StringComparison.Ordinal);
        foreach (var secret in new[] { "SELECT ", "INSERT ", "   at ", ".db", "$2a$" })
            Assert.DoesNotContain(secret, answer.Body, StringComparison.Ordinal);
    }
}

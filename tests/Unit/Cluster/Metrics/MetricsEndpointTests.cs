using System.Text.RegularExpressions;
using Platform.Cluster.Tests.Support;
using Platform.Testing;

namespace Platform.Cluster.Tests.Metrics;

public sealed partial class MetricsEndpointTests
{
    [Fact]
    public async Task A_node_reports_its_work_in_the_text_format()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", "/api/cp/tenants", """{"id":"acme"}""");
        await node.SendAsync("GET", "/api/health", token: null, host: "acme.localhost");
        using var answer = await node.SendRawAsync("GET", "/metrics", token: null);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("platform_gateway_requests_total{outcome=\"forwarded\",status_class=\"2xx\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("platform_registry_tenants 1\n", text, StringComparison.Ordinal);
        Assert.Contains("platform_build_info{version=\"", text, StringComparison.Ordinal);
        Assert.Contains("platform_shard_active 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("acme", text, StringComparison.Ordinal);
        foreach (var line in text.TrimEnd('\n').Split('\n')) Assert.Matches(Line(), line);
    }

    [Fact]
    public async Task Every_metric_is_in_the_documentation()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.SendAsync("POST", "/api/cp/tenants", """{"id":"acme"}""");
        await node.SendAsync("GET", "/api/health", token: null, host: "acme.localhost");
        using var answer = await node.SendRawAsync("GET", "/metrics", token: null);
        var page = await File.ReadAllTextAsync(RepositoryFolder.Path("docs/operations/metrics.md"));
        var names = Type().Matches(await answer.Content.ReadAsStringAsync()).Select(match => match.Groups[1].Value)
            .Where(name => name.StartsWith("platform_", StringComparison.Ordinal)).ToList();
        Assert.True(names.Count > 10);
        var missing = names.Where(name => !page.Contains($"| `{name}` |", StringComparison.Ordinal)).ToList();
        Assert.True(missing.Count == 0, $"docs/operations/metrics.md has no row for {string.Join(", ", missing)}");
    }

    [GeneratedRegex(@"^(# (HELP|TYPE) [a-z_0-9]+ ?.*|[a-z_0-9]+(\{([a-z_0-9]+=""([^""\\]|\\.)*"",?)+\})? [-+0-9.eEInf]+)$")]
    private static partial Regex Line();

    [GeneratedRegex("^# TYPE ([a-z_0-9]+) ", RegexOptions.Multiline)]
    private static partial Regex Type();
}

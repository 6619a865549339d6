using System.Runtime.CompilerServices;
using Platform.Cluster.Configuration;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Tests.Support;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    [Fact]
    public void The_defaults_alone_are_valid()
    {
        var options = ConfigurationLoader.Load(new ConfigurationSources());
        Assert.Equal(NodeMode.AllInOne, options.Mode);
        Assert.Equal("127.0.0.1:8090", options.Http.Listen.ToString());
        Assert.Null(options.Http.InternalListen);
        Assert.Equal(Path.GetFullPath("./platform-data"), options.DataFolder);
        Assert.Equal(Path.GetFullPath("./platform-data/objects"), options.ObjectStore.Folder);
        Assert.Equal(32L << 20, options.Http.BodyBytesMax);
        Assert.Equal(TimeSpan.FromMinutes(5), options.TenantNode.IdleAfter);
        Assert.Equal(Durability.Replicated, options.TenantNode.Durability);
        Assert.Null(options.AdminToken);
    }

    [Fact]
    public void Later_sources_win()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("a.conf", "platform { zone = file, node-id = file, tenant-node.max-active = 7 }");
        var sources = new ConfigurationSources
        {
            File = file,
            Environment = new Dictionary<string, string>
            {
                ["PLATFORM_ZONE"] = "environment",
                ["PLATFORM_NODE_ID"] = "environment",
                ["HOME"] = "/root",
            },
            Settings = ["platform.zone=first", "platform.zone=set"],
        };
        var options = ConfigurationLoader.Load(sources);
        Assert.Equal("set", options.Zone);
        Assert.Equal("environment", options.NodeId);
        Assert.Equal(7, options.TenantNode.MaxActive);
    }

    [Fact]
    public void Every_key_can_be_set_by_environment()
    {
        var known = ConfigurationLoader.Flatten(ConfigurationLoader.LoadReference(), _ => null, []);
        var variables = known.Keys.Select(ConfigurationLoader.VariableOf).ToList();
        Assert.Equal(variables.Count, variables.Distinct(StringComparer.Ordinal).Count());
        var environment = known.ToDictionary(
            pair => ConfigurationLoader.VariableOf(pair.Key),
            pair => pair.Value.Text ?? string.Join(',', pair.Value.Items!));
        ConfigurationLoader.Load(new ConfigurationSources { Environment = environment });
        foreach (var variable in variables)
        {
            var wrong = new Dictionary<string, string> { [variable] = "\0" };
            var problems = Problems(new ConfigurationSources { Environment = wrong }, orNone: true);
            Assert.DoesNotContain(problems, problem => problem.Message.Contains("belongs to no key", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_key_of_the_reference_is_read_and_no_other()
    {
        var problems = new List<ConfigurationProblem>();
        var known = ConfigurationLoader.Flatten(ConfigurationLoader.LoadReference(), _ => null, problems);
        var reader = new ConfigurationReader(known, problems);
        new OptionsBinder(reader).Bind();
        Assert.Empty(problems);
        Assert.Equal(known.Keys.Order(StringComparer.Ordinal), reader.KeysRead.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_key_of_the_reference_is_in_the_documentation()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs/operations/configuration.md"));
        var known = ConfigurationLoader.Flatten(ConfigurationLoader.LoadReference(), _ => null, []);
        foreach (var (key, value) in known)
        {
            var text = value.Text ?? "[]";
            var shown = text.Length == 0 ? "\"\"" : text;
            Assert.True(
                page.Contains($"| `{key}` | `{shown}` |", StringComparison.Ordinal),
                $"docs/operations/configuration.md has no row for {key} with the default {shown}.");
        }
    }

    [Fact]
    public void Every_key_of_the_reference_has_a_comment()
    {
        var lines = File.ReadAllLines(Path.Combine(Root(), "hocon/reference.conf"));
        for (var line = 1; line < lines.Length; line++)
        {
            if (!lines[line].Contains(" = ", StringComparison.Ordinal) || lines[line].TrimStart().StartsWith('#')) continue;
            var above = lines[line - 1].TrimStart();
            Assert.True(
                above.StartsWith('#') || lines[line].Contains("secret-key", StringComparison.Ordinal),
                $"Line {line + 1} has no comment: {lines[line]}");
        }
    }

    [Theory]
    [InlineData("all-in-one.conf")]
    [InlineData("control-plane.conf")]
    [InlineData("tenant-node.conf")]
    [InlineData("gateway.conf")]
    public void The_examples_are_valid(string name) => ConfigurationLoader.Load(new ConfigurationSources
    {
        File = Path.Combine(Root(), "hocon", name),
        Environment = new Dictionary<string, string> { ["PLATFORM_CLUSTER_SECRET"] = new('s', 32) },
    });

    [Theory]
    [InlineData("platform.http.listn=x", "platform.http.listn", "no such key; did you mean 'platform.http.listen'?")]
    [InlineData("http.listen=x", "http.listen", "did you mean 'platform.http.listen'?")]
    [InlineData("platform.http=x", "platform.http", "is a group of keys")]
    [InlineData("platform.http.listen.port=1", "platform.http.listen.port", "no such key")]
    [InlineData("platform.mode=allinone", "platform.mode", "did you mean 'all-in-one'?")]
    [InlineData("platform.http.listen=8090", "platform.http.listen", "'8090' must be HOST:PORT")]
    [InlineData("platform.http.listen=127.0.0.1:99999", "platform.http.listen", "must be HOST:PORT")]
    [InlineData("platform.http.listen=nowhere:80", "platform.http.listen", "must be HOST:PORT")]
    [InlineData("platform.http.header-timeout=10", "platform.http.header-timeout", "not a duration with a unit")]
    [InlineData("platform.http.header-timeout=11m", "platform.http.header-timeout", "11m is not between 1s and 10m")]
    [InlineData("platform.http.body-bytes-max=1023", "platform.http.body-bytes-max", "1023 is not between 1KiB and 16GiB")]
    [InlineData("platform.http.body-bytes-max=5 stones", "platform.http.body-bytes-max", "not a size")]
    [InlineData("platform.http.internal-listen=127.0.0.1:8090", "platform.http.internal-listen", "is taken by")]
    [InlineData("platform.http.advertise=ftp://x", "platform.http.advertise", "must be a URL")]
    [InlineData("platform.tenant-node.max-active=many", "platform.tenant-node.max-active", "'many' is not a whole number")]
    [InlineData("platform.tenant-node.max-active=0", "platform.tenant-node.max-active", "0 is not between 1 and 100000")]
    [InlineData("platform.tenant-node.durability=Local", "platform.tenant-node.durability", "did you mean 'local'?")]
    [InlineData("platform.tenant-node.mailbox-length-max=16", "platform.tenant-node.group-commands-max", "more than")]
    [InlineData("platform.replication.deletion-grace=9m", "platform.replication.deletion-grace", "9m is not between 10m and 7d")]
    [InlineData("platform.replication.retention=30m", "platform.replication.transaction-retention", "is longer than")]
    [InlineData("platform.cluster.store=etcd", "platform.cluster.etcd.endpoints", "is empty")]
    [InlineData("platform.cluster.etcd.endpoints=a,http://b", "platform.cluster.etcd.endpoints", "'a' must be a URL")]
    [InlineData("platform.cluster.etcd.ca-file=/ca.pem", "platform.cluster.etcd.ca-file", "needs endpoints with https")]
    [InlineData("platform.cluster.etcd.endpoints=http://a,https://b", "platform.cluster.etcd.endpoints", "mixes")]
    [InlineData("platform.cluster.etcd.key-file=/key.pem", "platform.cluster.etcd.key-file", "must be given together")]
    [InlineData("platform.cluster.etcd.user=root", "platform.cluster.etcd.user", "must be given together")]
    [InlineData("platform.cluster.etcd.prefix=a/", "platform.cluster.etcd.prefix", "must begin with '/'")]
    [InlineData("platform.cluster.etcd.try-timeout=50ms", "platform.cluster.etcd.try-timeout", "is not between")]
    [InlineData("platform.mode=gateway", "platform.cluster.store", "this mode needs 'etcd'")]
    [InlineData("platform.object-store.kind=s3", "platform.object-store.s3.bucket", "is needed when")]
    [InlineData("platform.object-store.s3.path-style=maybe", "platform.object-store.s3.path-style", "is none of true, false")]
    [InlineData("platform.gateway.base-domain=two words", "platform.gateway.base-domain", "is not a host name")]
    [InlineData("platform.node-id=a/b", "platform.node-id", "may hold only")]
    [InlineData("platform.data-dir", "", "must be KEY=VALUE")]
    public void A_wrong_setting_is_named_with_the_reason(string setting, string key, string reason)
    {
        var problems = Problems(new ConfigurationSources { Settings = [setting] });
        Assert.Contains(problems, problem => problem.Key == key
            && problem.Message.Contains(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PLATFORM_HTTP_LISTN", "environment variable PLATFORM_HTTP_LISTN: belongs to no key; did you mean 'PLATFORM_HTTP_LISTEN'?")]
    public void An_unknown_variable_is_refused_with_the_nearest(string variable, string expected)
    {
        var problems = Problems(new ConfigurationSources { Environment = new Dictionary<string, string> { [variable] = "1" } });
        Assert.Equal([expected], problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("PLATFORM_SERVICE_HOST")]
    [InlineData("PLATFORM_SERVICE_PORT_HTTP")]
    [InlineData("PLATFORM_PORT_8090_TCP_ADDR")]
    [InlineData("PLATFORM_PORT")]
    public void Variables_of_a_Kubernetes_service_are_nobodys_mistake(string variable) => ConfigurationLoader.Load(
        new ConfigurationSources { Environment = new Dictionary<string, string> { [variable] = "tcp://10.0.0.1:8090" } });

    [Fact]
    public void All_mistakes_are_reported_at_once_with_their_sources()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("bad.conf", "platform {\n  zonee = a\n  mode = ${NOWHERE}\n  http { listen = [1, 2] }\n}");
        var problems = Problems(new ConfigurationSources
        {
            File = file,
            Environment = new Dictionary<string, string> { ["PLATFORM_LOG_LEVEL"] = "loud" },
            Settings = ["platform.metrics.series-max=1"],
        });
        Assert.Contains(problems, problem => problem.Key == "platform.zonee" && problem.Source == $"{file}:2");
        Assert.Contains(problems, problem => problem.Key == "platform.mode" && problem.Source == $"{file}:3");
        Assert.Contains(problems, problem => problem.Key == "platform.http.listen" && problem.Source == $"{file}:4");
        Assert.Contains(problems, problem => problem.Source == "environment variable PLATFORM_LOG_LEVEL");
        Assert.Contains(problems, problem => problem.Key == "platform.metrics.series-max" && problem.Source == "--set");
        Assert.Equal(5, problems.Count);
    }

    [Fact]
    public void A_secret_is_never_shown()
    {
        var problems = Problems(new ConfigurationSources { Settings = ["platform.admin-token=hunter2 !"] });
        Assert.DoesNotContain("hunter2", string.Join('\n', problems), StringComparison.Ordinal);
        Assert.Contains("platform.admin-token", string.Join('\n', problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_or_wrong_is_named_with_its_place()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("bad.conf", "platform {\n  zone = \"a\n}");
        Assert.Equal([$"{file}:2, column 10: a string is not closed by '\"'"],
            Problems(new ConfigurationSources { File = file }).Select(problem => problem.ToString()));
        Assert.Contains("does not exist", Assert.Single(
            Problems(new ConfigurationSources { File = folder.File("none.conf") })).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<ConfigurationProblem> Problems(ConfigurationSources sources, bool orNone = false)
    {
        try
        {
            ConfigurationLoader.Load(sources);
        }
        catch (ConfigurationException refused)
        {
            return refused.Problems;
        }

        Assert.True(orNone, "The configuration was accepted.");
        return [];
    }

    /// <summary>The repository's folder, from the place of this file at compile time.</summary>
    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../../.."));
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platform.Cluster.Configuration;
using Platform.Cluster.Configuration.Options;

namespace Platform.Cluster.Tests.Manifests;

/// <summary>What <c>docker compose</c> starts is a cluster whose parts find each other.</summary>
public sealed partial class ComposeTests
{
    private static readonly JsonObject Cluster = YamlDocuments.Read("cluster.yaml").Single();

    private static readonly string[] Names =
    [
        .. Cluster.At("services").AsObject()
            .Where(service => service.Value!.Find("image")?.ToString() == "platform").Select(service => service.Key),
    ];

    public static TheoryData<string> Processes => [.. Names];

    [Fact]
    public void The_cluster_is_whole()
    {
        var modes = Names.CountBy(name => OptionsOf(name).Mode).ToDictionary();
        Assert.Equal((2, 3, 1), (modes[NodeMode.ControlPlane], modes[NodeMode.TenantNode], modes[NodeMode.Gateway]));
        Assert.Equal(3, Cluster.At("services").AsObject().Count(service => service.Key.StartsWith("etcd", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void A_process_has_settings_that_are_known_and_others_that_it_can_reach(string name)
    {
        var services = Cluster.At("services").AsObject();
        var options = OptionsOf(name);
        Assert.Equal(name, options.NodeId);
        Assert.Equal($"http://{name}:{options.Http.InternalListen!.Port}", options.Http.Advertise!.OriginalString);
        foreach (var endpoint in options.Cluster.Etcd.Endpoints)
        {
            Assert.Contains(endpoint.Host, services);
            Assert.Contains($"--name={endpoint.Host}", services[endpoint.Host]!.List("command").Select(part => part.ToString()));
        }

        Assert.Contains(options.ObjectStore.S3!.Endpoint!.Host, services);
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void A_process_is_probed_stopped_and_confined_as_it_should_be(string name)
    {
        var (service, options) = (Service(name), OptionsOf(name));
        Assert.Equal($"http://127.0.0.1:{options.Http.InternalListen!.Port}/ready", service.Text("healthcheck/test/3"));
        var grace = TimeSpan.FromSeconds(Number(service.Text("stop_grace_period")));
        Assert.True(grace >= options.TenantNode.DrainTimeout + options.ShutdownTimeout + TimeSpan.FromSeconds(10));
        Assert.True(service.At("read_only").GetValue<bool>());
        Assert.Contains($"{name}:/data", service.List("volumes").Select(volume => volume.ToString()));
        Assert.Equal("/data", options.DataFolder);
    }

    [Fact]
    public void What_is_named_is_there()
    {
        var services = Cluster.At("services").AsObject();
        foreach (var (_, service) in services)
        {
            foreach (var volume in service!.List("volumes"))
                Assert.Contains(volume.ToString().Split(':')[0], Cluster.At("volumes").AsObject());
            var needed = service!.Find("depends_on") switch
            {
                JsonObject named => named.Select(pair => pair.Key),
                JsonArray list => list.Select(item => item!.ToString()),
                _ => [],
            };
            Assert.All(needed, other => Assert.Contains(other, services));
        }
    }

    private static JsonNode Service(string name) => Cluster.At("services").At(name);

    private static PlatformOptions OptionsOf(string name)
    {
        var command = Service(name).List("command").Select(part => part.ToString()).ToList();
        Assert.Equal(["serve", "--mode"], command[..2]);
        var environment = Service(name).At("environment").AsObject()
            .ToDictionary(pair => pair.Key, pair => Substitution().Replace(pair.Value!.ToString(), new string('s', 40)));
        return ConfigurationLoader.Load(
            new ConfigurationSources { Environment = environment, Settings = [$"platform.mode={command[2]}"] });
    }

    private static int Number(string seconds) => int.Parse(seconds.TrimEnd('s'), null);

    [GeneratedRegex(@"\$\{[A-Z0-9_]+:\?[^}]*\}")]
    private static partial Regex Substitution();
}

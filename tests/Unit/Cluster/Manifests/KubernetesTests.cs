using System.Text.Json.Nodes;
using Platform.Cluster.Configuration;
using Platform.Cluster.Configuration.Options;

namespace Platform.Cluster.Tests.Manifests;

/// <summary>
/// The manifests say what the product understands: every setting loads, every probe and port is there, every stop is long
/// enough. That they are what Kubernetes takes is checked by <c>docker/kubernetes/check</c>.
/// </summary>
public sealed class KubernetesTests
{
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(10);

    private static readonly List<JsonObject> Documents =
        [.. Files().Where(file => file != "kustomization.yaml").SelectMany(file => YamlDocuments.Read($"kubernetes/{file}"))];

    private static readonly string[] Modes = ["control-plane", "tenant-node", "gateway"];

    public static TheoryData<string> Processes => [.. Modes];

    public static TheoryData<string> Workloads => ["etcd", "platform-control-plane", "platform-tenant-node", "platform-gateway"];

    [Fact]
    public void Every_file_is_applied_and_every_object_is_in_the_namespace()
    {
        var kustomization = YamlDocuments.Read("kubernetes/kustomization.yaml").Single();
        Assert.Equal(
            Files().Where(file => file != "kustomization.yaml").Order(),
            kustomization.List("resources").Select(resource => resource.ToString()).Order());
        foreach (var document in Documents)
        {
            var isNamespace = document.Text("kind") == "Namespace";
            Assert.Equal("platform", document.Text(isNamespace ? "metadata/name" : "metadata/namespace"));
        }

        var names = Documents.Select(document => $"{document.Text("kind")} {document.Text("metadata/name")}").ToList();
        Assert.Equal(names.Distinct(), names);
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void The_settings_of_a_process_are_all_known_and_make_a_whole_configuration(string mode)
    {
        var options = OptionsOf(mode);
        Assert.Equal(mode, options.Mode switch
        {
            NodeMode.ControlPlane => "control-plane",
            NodeMode.TenantNode => "tenant-node",
            NodeMode.Gateway => "gateway",
            _ => "another",
        });
        Assert.Equal(ClusterStoreKind.Etcd, options.Cluster.Store);
        Assert.Equal(ObjectStoreKind.S3, options.ObjectStore.Kind);
        Assert.Equal("http://10.1.2.3:8091", options.Http.Advertise!.OriginalString);
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void Probes_and_ports_are_those_of_the_product(string mode)
    {
        var (options, container) = (OptionsOf(mode), ContainerOf(mode));
        var ports = container.List("ports").ToDictionary(port => port.Text("name"), port => port.Text("containerPort"));
        Assert.Equal($"{options.Http.Listen.Port}", ports["public"]);
        Assert.Equal($"{options.Http.InternalListen!.Port}", ports["internal"]);
        Assert.Equal(("/alive", "internal"), ProbeOf(container, "livenessProbe"));
        Assert.Equal(("/ready", "internal"), ProbeOf(container, "readinessProbe"));
        Assert.Equal(("/ready", "internal"), ProbeOf(container, "startupProbe"));
        var annotations = PodOf($"platform-{mode}").At("metadata/annotations").AsObject();
        Assert.Equal(ports["internal"], annotations["prometheus.io/port"]!.ToString());
        Assert.Equal("/metrics", annotations["prometheus.io/path"]!.ToString());
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void A_process_gets_longer_to_stop_than_it_takes(string mode)
    {
        var options = OptionsOf(mode);
        var before = options.Mode switch
        {
            NodeMode.Gateway => options.Gateway.StopDelay,
            NodeMode.TenantNode => options.TenantNode.DrainTimeout,
            _ => TimeSpan.Zero,
        };
        var grace = TimeSpan.FromSeconds(PodOf($"platform-{mode}").At("spec/terminationGracePeriodSeconds").GetValue<int>());
        Assert.True(grace >= before + options.ShutdownTimeout + StopMargin);
    }

    [Fact]
    public void A_tenant_node_has_the_memory_that_it_may_use_and_a_disk_of_its_own()
    {
        var limit = Bytes(ContainerOf("tenant-node").Text("resources/limits/memory"));
        Assert.True(limit >= OptionsOf("tenant-node").TenantNode.MemoryBudgetBytes * 3 / 2);
        var node = Workload("platform-tenant-node");
        Assert.Equal("StatefulSet", node.Text("kind"));
        Assert.Equal("data", node.Text("spec/volumeClaimTemplates/0/metadata/name"));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void A_pod_may_do_nothing_that_it_does_not_need(string name)
    {
        var pod = PodOf(name).At("spec");
        Assert.False(pod.At("automountServiceAccountToken").GetValue<bool>());
        Assert.False(pod.At("enableServiceLinks").GetValue<bool>());
        Assert.True(pod.At("securityContext/runAsNonRoot").GetValue<bool>());
        Assert.True(pod.At("securityContext/runAsUser").GetValue<int>() > 10_000);
        Assert.Equal("RuntimeDefault", pod.Text("securityContext/seccompProfile/type"));
        foreach (var container in pod.List("containers"))
        {
            Assert.False(container.At("securityContext/allowPrivilegeEscalation").GetValue<bool>());
            Assert.True(container.At("securityContext/readOnlyRootFilesystem").GetValue<bool>());
            Assert.Equal("ALL", container.Text("securityContext/capabilities/drop/0"));
            Assert.True(Bytes(container.Text("resources/limits/memory")) >= Bytes(container.Text("resources/requests/memory")));
            Assert.NotEqual("", container.Text("resources/requests/cpu"));
            var mounts = container.List("volumeMounts").Select(mount => mount.Text("name"));
            var volumes = pod.List("volumes").Select(volume => volume.Text("name"))
                .Concat(Workload(name).List("spec/volumeClaimTemplates").Select(claim => claim.Text("metadata/name")));
            Assert.Equal(mounts.Order(), volumes.Order());
        }
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void A_workload_has_a_service_and_a_disruption_budget_that_select_its_pods(string name)
    {
        var workload = Workload(name);
        var labels = workload.At("spec/template/metadata/labels").ToJsonString();
        Assert.Equal(labels, workload.At("spec/selector/matchLabels").ToJsonString());
        Assert.Equal(labels, Object("Service", name).At("spec/selector").ToJsonString());
        var budget = Object("PodDisruptionBudget", name);
        Assert.Equal(labels, budget.At("spec/selector/matchLabels").ToJsonString());
        Assert.Equal(1, budget.At("spec/maxUnavailable").GetValue<int>());
        var replicas = workload.Find("spec/replicas")
            ?? Object("HorizontalPodAutoscaler", name).At("spec/minReplicas");
        Assert.True(replicas.GetValue<int>() >= 2);
        foreach (var port in Object("Service", name).List("spec/ports"))
            Assert.Contains(port.Text("targetPort"), PortNames(name));
    }

    [Fact]
    public void The_network_rules_name_ports_that_are_there()
    {
        var names = PortNames("etcd").Concat(PortNames("platform-gateway")).ToHashSet();
        var ports = Documents.Where(document => document.Text("kind") == "NetworkPolicy")
            .SelectMany(policy => policy.List("spec/ingress")).SelectMany(rule => rule.List("ports")).ToList();
        Assert.NotEmpty(ports);
        Assert.All(ports, port => Assert.Contains(port.Text("port"), names));
    }

    [Fact]
    public void Etcds_members_are_the_endpoints()
    {
        var replicas = Workload("etcd").At("spec/replicas").GetValue<int>();
        var expected = Enumerable.Range(0, replicas).Select(member => $"http://etcd-{member}.etcd:2379");
        Assert.Equal(expected, OptionsOf("gateway").Cluster.Etcd.Endpoints.Select(url => url.OriginalString));
        var arguments = PodOf("etcd").List("spec/containers/0/args").Select(argument => argument.ToString()).ToList();
        var peers = string.Join(',', Enumerable.Range(0, replicas).Select(member => $"etcd-{member}=http://etcd-{member}.etcd:2380"));
        Assert.Contains($"--initial-cluster={peers}", arguments);
    }

    [Fact]
    public void No_secret_is_written_down()
    {
        Assert.DoesNotContain(Documents, document => document.Text("kind") == "Secret");
        var known = Object("ConfigMap", "platform-config").At("data").AsObject().Select(pair => pair.Key);
        var literal = Modes.SelectMany(mode => ContainerOf(mode).List("env"))
            .Where(variable => variable.Find("value") is not null).Select(variable => variable.Text("name"));
        Assert.DoesNotContain(
            known.Concat(literal),
            name => name.EndsWith("_SECRET", StringComparison.Ordinal) || name.EndsWith("_TOKEN", StringComparison.Ordinal)
                || name.EndsWith("_KEY", StringComparison.Ordinal) || name.EndsWith("_PASSWORD", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Path.Combine(YamlDocuments.Folder, "kubernetes"), "*.yaml").Select(file => Path.GetFileName(file));

    private static JsonObject Object(string kind, string name) => Documents.Single(
        document => document.Text("kind") == kind && document.Text("metadata/name") == name);

    private static JsonObject Workload(string name) => Documents.Single(
        document => document.Text("kind") is "Deployment" or "StatefulSet" && document.Text("metadata/name") == name);

    private static JsonNode PodOf(string workload) => Workload(workload).At("spec/template");

    private static JsonNode ContainerOf(string mode) => PodOf($"platform-{mode}").List("spec/containers").Single();

    private static IEnumerable<string> PortNames(string workload) =>
        PodOf(workload).List("spec/containers/0/ports").Select(port => port.Text("name"));

    private static (string Path, string Port) ProbeOf(JsonNode container, string probe) =>
        (container.Text($"{probe}/httpGet/path"), container.Text($"{probe}/httpGet/port"));

    private static PlatformOptions OptionsOf(string mode)
    {
        var container = ContainerOf(mode);
        Assert.Equal(["serve", "--mode", mode], container.List("args").Select(argument => argument.ToString()));
        var environment = container.List("envFrom")
            .SelectMany(source => Object("ConfigMap", source.Text("configMapRef/name")).At("data").AsObject())
            .ToDictionary(pair => pair.Key, pair => pair.Value!.ToString());
        foreach (var variable in container.List("env"))
        {
            // As Kubernetes fills them in.
            environment[variable.Text("name")] = variable.Find("value")?.ToString().Replace("$(POD_IP)", "10.1.2.3", StringComparison.Ordinal)
                ?? (variable.Find("valueFrom/fieldRef") is null ? new string('s', 40) : "pod-0");
        }

        return ConfigurationLoader.Load(
            new ConfigurationSources { Environment = environment, Settings = [$"platform.mode={mode}"] });
    }

    private static long Bytes(string quantity) => quantity switch
    {
        [.. var number, 'G', 'i'] => long.Parse(number, null) << 30,
        [.. var number, 'M', 'i'] => long.Parse(number, null) << 20,
        _ => throw new FormatException($"'{quantity}' is no size in Mi or Gi."),
    };
}

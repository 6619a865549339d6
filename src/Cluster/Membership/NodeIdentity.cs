using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Messages.Identity;

namespace Platform.Cluster.Membership;

/// <summary>Who this process is and what it says of itself at each heartbeat.</summary>
internal sealed class NodeIdentity(LocalNode node, string folderId, string version)
{
    public string Id => node.Id;

    /// <summary>Asked at each heartbeat: its load.</summary>
    public Func<NodeLoad> Load { get; set; } = () => new NodeLoad();

    /// <summary>Asked at each heartbeat: what is wrong.</summary>
    public Func<IReadOnlyList<string>> Problems { get; set; } = () => [];

    /// <summary>Asked at each heartbeat: the tenants that are open.</summary>
    public Func<IEnumerable<TenantId>> Tenants { get; set; } = () => [];

    /// <summary>Set when the process was asked to stop; told with the next heartbeat.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>The id of a data folder, made on first use.</summary>
    public static string FolderId(string dataFolder)
    {
        var file = Path.Combine(dataFolder, "folder-id");
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: 32 } known) return known;
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(file, id);
        return id;
    }

    public static NodeDocument? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize(value.Span, MembershipJson.Default.NodeDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// True when this process proves by holding the folder's lock that the other one has ended, or is that one.
    /// </summary>
    public bool Succeeds(NodeDocument other) => other.Folder == folderId;

    public NodeDocument Describe(DateTimeOffset now) => new()
    {
        Id = node.Id,
        Instance = node.Instance,
        Folder = folderId,
        Address = node.Address,
        Zone = node.Zone,
        Roles = node.Roles,
        Version = version,
        Protocol = ClusterProtocol.Current,
        Started = node.Started,
        Heartbeat = now,
        Problems = Problems(),
        IsLeaving = IsLeaving,
        Load = Load(),
    };

    public NodeRecord Remember(DateTimeOffset now) => new()
    {
        Id = node.Id,
        Address = node.Address,
        Zone = node.Zone,
        Roles = node.Roles,
        Version = version,
        Joined = now,
    };

    public byte[] ActiveTenants() => Encoding.ASCII.GetBytes(string.Join('\n', Tenants().Select(tenant => tenant.Value)));
}

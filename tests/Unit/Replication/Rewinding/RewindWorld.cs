using Platform.Replication.Ltx;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;
using Platform.Replication.Tests.Shipping;

namespace Platform.Replication.Tests.Rewinding;

/// <summary>A replica with a history of which every state is remembered.</summary>
internal sealed class RewindWorld : IDisposable
{
    /// <summary>What each transaction left, as text.</summary>
    public SortedDictionary<Txid, string> States { get; } = [];

    public ShippingWorld World { get; } = new();

    public static CancellationToken None => CancellationToken.None;

    public RewindOptions Options(string replicaPath = ShippingWorld.ReplicaPath) => new()
    {
        Store = World.Store,
        ReplicaPath = replicaPath,
        ScratchPath = Directory.CreateDirectory(World.Folder["scratch"]).FullName,
        PartBytes = 3000,
    };

    public static string Content(TestDatabase database) =>
        database.Scalar("select count(*) || ' ' || coalesce(group_concat(id || '=' || hex(v), ','), '') from t");

    /// <summary>What a database file holds, which must be sound.</summary>
    public static string Content(string path)
    {
        using var database = new TestDatabase(path);
        Assert.Equal("ok", database.Scalar("pragma integrity_check"));
        return Content(database);
    }

    public async Task<Txid> WriteAsync(ShippingWorld.Owner owner, string sql)
    {
        var txid = await owner.WriteAsync(sql);
        States[txid] = Content(owner.Database);
        return txid;
    }

    /// <summary>Rows come and go, so that the file grows and shrinks; now and then a checkpoint or a snapshot.</summary>
    public async Task LiveAsync(ShippingWorld.Owner owner, Random random, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var id = random.Next(12);
            await WriteAsync(owner, random.Next(4) switch
            {
                0 => $"delete from t where id >= {id}; vacuum",
                1 => $"replace into t values({id}, randomblob({random.Next(20_000)}))",
                _ => $"replace into t values({id}, randomblob({random.Next(200)}))",
            });
            switch (random.Next(8))
            {
                case 0:
                    owner.Checkpoint();
                    break;
                case 1:
                    Assert.True(await owner.Replica.SnapshotAsync(None));
                    break;
            }
        }
    }

    public async Task<RewoundReplica> RewindAsync(RestoreTarget target) =>
        await ReplicaRewind.RunAsync(Options(), await PastImage.RestoreAsync(Options(), target, None), None);

    public async Task<string> PastContentAsync(RestoreTarget target, string replicaPath = ShippingWorld.ReplicaPath) =>
        Content((await PastImage.RestoreAsync(Options(replicaPath), target, None)).Path);

    public void Dispose() => World.Dispose();
}

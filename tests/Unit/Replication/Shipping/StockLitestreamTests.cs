using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.Replication.Tests.Shipping;

/// <summary>
/// Litestream's own SQLite extension, unchanged from npm, reads what is shipped here, and its restore gives the same
/// bytes as the source: nobody is locked in.
/// </summary>
public sealed class StockLitestreamTests : IDisposable
{
    private readonly ShippingWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    [InlineData(65536)]
    [Trait("needs", "npm")]
    public async Task Growth_shrinking_checkpoints_and_restarts_restore_to_the_source(int pageBytes)
    {
        await using (var first = await _world.OpenAsync("a", pageBytes))
        {
            await first.WriteAsync("insert into t values(1, randomblob(30000))");
            await first.WriteAsync("begin; insert into t values(2, randomblob(90000)); delete from t where id=2; commit");
            Assert.True(first.Checkpoint());
            await first.WriteAsync("insert into t values(3, randomblob(200000))");
            await first.WriteAsync("delete from t where id=3");
            await first.WriteAsync("vacuum");
        }

        await using var owner = await _world.OpenAsync("b", pageBytes);
        await owner.WriteAsync("insert into t values(4, randomblob(50000))");
        await RequireStockReadsAsync(owner, rows: 2);

        Assert.True(await owner.Replica.SnapshotAsync(CancellationToken.None));
        await owner.WriteAsync("insert into t values(5, 'after the snapshot')");
        File.Delete(_world.File0(1));
        await RequireStockReadsAsync(owner, rows: 3);
    }

    private async Task RequireStockReadsAsync(ShippingWorld.Owner owner, int rows)
    {
        await _world.RequireEqualAsync(owner);
        var packages = await NodePackages.InstallAsync("tests/EndToEnd/Replica/litestream");
        var result = await Command.RunAsync(
            "python3",
            [
                RepositoryFolder.Path("tests/tools/verify_replica.py"),
                "--npm-dir", packages,
                "--file", _world.ReplicaFolder,
                "--expect-txid", owner.Replica.Position.ToString(),
                "--expect-db", owner.Database.Path,
                "--sql", "select count(*) from t",
                "--expect", $"{rows}",
            ]);
        Assert.True(result.ExitCode == 0, result.ToString());
    }
}

using Platform.Cluster.Coordinator;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Messages.Identity;
using Platform.Testing;

namespace Platform.Cluster.Tests.Coordinator;

public sealed class TenantMigrationTests : IAsyncLifetime
{
    private CoordinatorFixture _cluster = null!;
    private CoordinatorElection _election = null!;
    private TenantId _tenant;

    public async Task InitializeAsync()
    {
        _cluster = await CoordinatorFixture.StartAsync();
        _election = await _cluster.ElectAsync();
        await _cluster.AddNodeAsync("n1", zone: "a");
        _tenant = _cluster.AddTenant("acme");
        await _cluster.Assignments.AssignAsync(_election.Term!, _tenant, 0, CancellationToken.None);
        await _cluster.AddNodeAsync("n2", zone: "b");
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_tenant_goes_where_it_is_told_or_where_there_is_room()
    {
        var migration = Migration();
        Assert.Equal("n2", (await migration.MigrateAsync(_tenant, "n2", default)).Move.To);
        Assert.Equal("n1", (await migration.MigrateAsync(_tenant, null, default)).Move.To);
        Assert.Equal(["n2", "n1"], _cluster.Moves.Select(move => move.To));
    }

    [Fact]
    public async Task Targets_that_cannot_take_it_are_refused_at_the_field()
    {
        await _cluster.AddNodeAsync("full", active: 1000);
        await _cluster.AddNodeAsync("gw", role: ClusterRoles.Gateway);
        await _cluster.AddNodeAsync("down");
        await _cluster.LoseNodeAsync("down");
        await _cluster.AddNodeAsync("cordoned");
        await _cluster.Store.CommitAsync(
            new() { Operations = [StoreOperation.Put(ClusterKeys.CordonedNode("cordoned"), "{}"u8.ToArray())] }, default);
        await Eventually.TrueAsync(() =>
            _cluster.Nodes.Find("cordoned") is { IsCordoned: true } && _cluster.Nodes.Find("down")?.Document is null);

        await RefusedAsync("nobody", 400, "validation_unknown_node");
        await RefusedAsync("gw", 400, "validation_no_tenant_node");
        await RefusedAsync("n1", 409, "validation_same_node");
        await RefusedAsync("down", 409, "validation_node_down");
        await RefusedAsync("cordoned", 409, "validation_node_cordoned");
        await RefusedAsync("full", 409, "validation_node_full");
        Assert.Empty(_cluster.Moves);
    }

    [Fact]
    public async Task A_tenant_that_wants_one_zone_stays_in_it()
    {
        var bound = _cluster.AddTenant("bound", ("placement.zone", "a"));
        await _cluster.Assignments.AssignAsync(_election.Term!, bound, 0, default);
        var (_, _, refused) = await Migration().MigrateAsync(bound, "n2", default);
        Assert.Equal("validation_other_zone", refused!.Fields["node"].Code);
        var (_, _, nowhere) = await Migration().MigrateAsync(bound, null, default);
        Assert.Equal(409, nowhere!.Status);
    }

    [Fact]
    public async Task Two_migrations_of_a_tenant_at_once_are_one()
    {
        var mover = new HeldMover();
        var migration = Migration(mover);
        var first = migration.MigrateAsync(_tenant, "n2", default);
        await mover.Begun.Task;
        Assert.True(migration.IsUnderWay(_tenant));
        var (_, _, second) = await migration.MigrateAsync(_tenant, "n2", default);
        Assert.Equal(409, second!.Status);
        Assert.Contains("being moved already", second.Message, StringComparison.Ordinal);
        mover.End.SetResult(MoveOutcome.Stayed(MoveStep.Open, "the node 'n2' burns"));
        var (_, _, failed) = await first;
        Assert.Equal(503, failed!.Status);
        Assert.Contains("the node 'n2' burns", failed.Message, StringComparison.Ordinal);
        Assert.False(migration.IsUnderWay(_tenant));
    }

    [Fact]
    public async Task More_than_may_move_at_once_are_told_to_try_again()
    {
        var mover = new HeldMover();
        var migration = Migration(mover);
        var running = Enumerable.Range(0, 4).Select(number =>
            migration.MigrateAsync(_cluster.AddTenant($"t{number}"), "n2", default)).ToList();
        var (_, _, refused) = await migration.MigrateAsync(_tenant, "n2", default);
        Assert.Equal((503, 1), (refused!.Status, refused.RetryAfterSeconds));
        mover.End.SetResult(MoveOutcome.Stayed(MoveStep.Plan, "enough"));
        await Task.WhenAll(running);
    }

    [Fact]
    public async Task Whoever_is_not_the_coordinator_does_nothing()
    {
        var (other, _) = _cluster.Candidate("c2");
        var migration = Migration(_cluster, other);
        Assert.False(migration.IsHere);
        Assert.Equal(503, (await migration.MigrateAsync(_tenant, "n2", default)).Problem!.Status);
        Assert.Empty(_cluster.Moves);
    }

    [Fact]
    public async Task The_owner_that_is_lost_is_not_asked()
    {
        await _cluster.LoseNodeAsync("n1");
        await Eventually.TrueAsync(() => _cluster.Nodes.Find("n1")?.Document is null);
        var (_, _, refused) = await Migration().MigrateAsync(_tenant, "n2", default);
        Assert.Equal(503, refused!.Status);
        Assert.Contains("is down", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_tenants_are_refused()
    {
        Assert.Equal(404, Migration().RefuseTenant("nobody")!.Status);
        Assert.Equal(404, Migration().RefuseTenant("..")!.Status);
        Assert.Null(Migration().RefuseTenant("acme"));
    }

    private TenantMigration Migration(ITenantMover? mover = null) => Migration(mover ?? _cluster, _election);

    private TenantMigration Migration(ITenantMover mover, CoordinatorElection election) => new(
        election, _cluster.Nodes, _cluster.Routes, _cluster.Tenants, _cluster.View, _cluster.MovesBy(mover), TimeProvider.System);

    private async Task RefusedAsync(string node, int status, string code)
    {
        var (_, _, problem) = await Migration().MigrateAsync(_tenant, node, default);
        Assert.Equal(status, problem!.Status);
        Assert.Equal(code, problem.Fields["node"].Code);
    }

    /// <summary>A move that takes until the test ends it.</summary>
    private sealed class HeldMover : ITenantMover
    {
        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource<MoveOutcome> End { get; } = new();

        public Task<MoveOutcome> MoveAsync(
            CoordinatorTerm term, PlannedMove move, string reason, CancellationToken cancellationToken)
        {
            Begun.TrySetResult();
            return End.Task;
        }
    }
}

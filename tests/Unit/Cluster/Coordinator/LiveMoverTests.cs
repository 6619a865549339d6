using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Cluster.Tests.Support;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.Testing.ObjectStores;

namespace Platform.Cluster.Tests.Coordinator;

/// <summary>
/// A move over real nodes and real storage, broken off at every step: the tenant is served by somebody afterwards, and
/// everything that was acknowledged is there.
/// </summary>
public sealed class LiveMoverTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly InternalClient _client = new(MovingNode.Secret);
    private CoordinatorFixture _cluster = null!;
    private FaultyObjectStore _objects = null!;
    private MovingNode _source = null!;
    private MovingNode _target = null!;
    private CoordinatorTerm _term = null!;
    private TenantId _tenant;

    public async Task InitializeAsync()
    {
        _cluster = await CoordinatorFixture.StartAsync();
        _objects = new FaultyObjectStore(new FolderObjectStore(_folder.File("objects")));
        _source = new MovingNode("n1", _cluster, _objects);
        _target = new MovingNode("n2", _cluster, _objects);
        await _source.StartAsync();
        await _target.StartAsync();
        await _cluster.AddNodeAsync("n1", address: _source.Address);
        _term = await _cluster.LeadAsync();
        _tenant = _cluster.AddTenant("acme");
        await _cluster.Assignments.AssignAsync(_term, _tenant, 0, CancellationToken.None);
        await _cluster.AddNodeAsync("n2", address: _target.Address);
        await _source.MakeNotesAsync(_tenant);
        Assert.Equal(200, await _source.WriteAsync(_tenant, "before"));
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _target.DisposeAsync();
        await _source.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_tenant_moves_with_everything_that_was_written()
    {
        _target.After["prepare"] = async () => Assert.Equal(200, await _source.WriteAsync(_tenant, "meanwhile"));
        var outcome = await MoveAsync();

        Assert.True(outcome.IsDone, outcome.Reason);
        Assert.True(outcome.Pause < outcome.Total && outcome.Prepare > TimeSpan.Zero);
        Assert.Equal(421, await _source.WriteAsync(_tenant, "late"));
        Assert.Equal(200, await _target.WriteAsync(_tenant, "after"));
        Assert.Equal(["before", "meanwhile", "after"], await _target.ReadAsync(_tenant));
        Assert.True(_cluster.Routes.TryFind(_tenant, out var route));
        Assert.Equal(("n2", outcome.Epoch, "moved"), (route.Node, route.Epoch, route.Document.Reason));
        Assert.NotNull(route.Document.Since);
    }

    [Fact]
    public async Task It_moves_to_and_fro_and_each_owner_has_all_of_it()
    {
        for (var round = 0; round < 4; round++)
        {
            Assert.True((await MoveAsync(round % 2 == 0 ? "n1" : "n2")).IsDone);
            var owner = round % 2 == 0 ? _target : _source;
            Assert.Equal(200, await owner.WriteAsync(_tenant, $"round {round}"));
            Assert.Equal(round + 2, (await owner.ReadAsync(_tenant)).Count);
        }
    }

    [Fact]
    public async Task A_tenant_that_runs_nowhere_is_opened_where_it_should_be()
    {
        var other = _cluster.AddTenant("fresh");
        var outcome = await Mover().MoveAsync(
            _term, new PlannedMove(other, "", "n2", IsActive: true), "moved", CancellationToken.None);

        Assert.True(outcome.IsDone, outcome.Reason);
        Assert.Contains(other, _target.Open);
    }

    [Fact]
    public async Task A_target_that_dies_while_it_prepares_changes_nothing()
    {
        _target.Before["prepare"] = () => throw new IOException("killed");
        var outcome = await MoveAsync();

        Assert.Equal(MoveStep.Prepare, outcome.Step);
        Assert.Contains("n2", outcome.Reason, StringComparison.Ordinal);
        await ServesAsync(_source, "before");
    }

    [Fact]
    public async Task A_target_without_object_storage_says_so_and_changes_nothing()
    {
        _target.Before["prepare"] = () =>
        {
            _objects.IsOut = true;
            return Task.FromResult(false);
        };
        _target.After["prepare"] = () =>
        {
            _objects.IsOut = false;
            return Task.CompletedTask;
        };
        var outcome = await MoveAsync();

        Assert.Equal(MoveStep.Prepare, outcome.Step);
        await ServesAsync(_source, "before");
    }

    [Fact]
    public async Task An_owner_whose_hand_off_is_not_heard_of_serves_again()
    {
        _source.After["release"] = () => throw new IOException("the answer is lost");
        var outcome = await MoveAsync();

        Assert.Equal(MoveStep.HandOff, outcome.Step);
        await ServesAsync(_source, "before");
    }

    [Fact]
    public async Task An_owner_that_cannot_store_its_last_writes_keeps_the_tenant()
    {
        _source.Before["release"] = async () =>
        {
            _objects.IsOut = true;
            await _source.WriteAsync(_tenant, "perhaps");
            return false;
        };
        _source.After["release"] = () =>
        {
            _objects.IsOut = false;
            return Task.CompletedTask;
        };
        var outcome = await MoveAsync();

        Assert.Equal(MoveStep.HandOff, outcome.Step);
        Assert.Equal(200, await _source.WriteAsync(_tenant, "again"));
        var rows = await _source.ReadAsync(_tenant);
        Assert.Equal(("before", "again"), (rows[0], rows[^1]));
    }

    [Fact]
    public async Task An_owner_that_dies_after_its_hand_off_takes_nothing_with_it()
    {
        _source.After["release"] = _source.StopAnsweringAsync;
        var outcome = await MoveAsync();

        Assert.True(outcome.IsDone, outcome.Reason);
        await ServesAsync(_target, "before");
    }

    [Fact]
    public async Task A_target_that_does_not_open_gives_the_tenant_back_under_a_new_epoch()
    {
        Assert.True(_cluster.Routes.TryFind(_tenant, out var before));
        _target.Before["open"] = () => Task.FromResult(true);
        var outcome = await MoveAsync();

        Assert.Equal(MoveStep.Open, outcome.Step);
        Assert.True(_cluster.Routes.TryFind(_tenant, out var route));
        Assert.Equal(("n1", "returned"), (route.Node, route.Document.Reason));
        Assert.True(route.Epoch > before.Epoch + 1);
        await ServesAsync(_source, "before");
    }

    [Fact]
    public async Task A_target_that_dies_after_the_route_was_written_is_left_with_all_that_it_had_taken()
    {
        // It had opened already, and taken a write, when its answer was lost.
        _target.After["open"] = async () =>
        {
            Assert.Equal(200, await _target.WriteAsync(_tenant, "there"));
            throw new IOException("killed");
        };
        var outcome = await MoveAsync();

        Assert.Equal(MoveStep.Open, outcome.Step);
        await ServesAsync(_source, "before", "there");
        Assert.Equal(421, await _target.WriteAsync(_tenant, "late"));
    }

    [Fact]
    public async Task A_coordinator_that_is_replaced_in_the_middle_leaves_the_tenant_where_it_was()
    {
        _source.After["release"] = async () =>
        {
            await _cluster.Store.CommitAsync(
                new() { Operations = [StoreOperation.Delete(ClusterKeys.Coordinator)] }, CancellationToken.None);
            await _cluster.Store.CommitAsync(
                new() { Operations = [StoreOperation.Put(ClusterKeys.Coordinator, "{}"u8.ToArray())] }, CancellationToken.None);
        };

        await Assert.ThrowsAsync<CoordinatorReplacedException>(() => MoveAsync());
        await ServesAsync(_source, "before");
    }

    [Fact]
    public async Task A_route_that_somebody_else_changed_meanwhile_is_respected()
    {
        _target.After["prepare"] = () => _cluster.Transactions.TryWriteAsync(
            _term, _tenant, _cluster.Routes.All().Single().Epoch, new ShardRouteDocument { Node = "n1", Reason = "lost" },
            CancellationToken.None);
        var outcome = await MoveAsync();

        Assert.Equal(MoveStep.Route, outcome.Step);
        await ServesAsync(_source, "before");
    }

    private LiveMover Mover() => new(
        _cluster.Routes, _cluster.Transactions, new NodeCalls(_cluster.Nodes, _client), TimeSpan.FromSeconds(30),
        _cluster.Metrics(), TimeProvider.System, NullLogger<LiveMover>.Instance);

    private Task<MoveOutcome> MoveAsync(string from = "n1") => Mover().MoveAsync(
        _term, new PlannedMove(_tenant, from, from == "n1" ? "n2" : "n1", IsActive: true), "moved", CancellationToken.None);

    private async Task ServesAsync(MovingNode owner, params string[] rows)
    {
        Assert.Equal(200, await owner.WriteAsync(_tenant, "served"));
        Assert.Equal([.. rows, "served"], await owner.ReadAsync(_tenant));
    }
}

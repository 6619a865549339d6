using System.Globalization;
using Platform.Replication.Fencing;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Shipping;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Shipping;

/// <summary>
/// Seeded random lives of a database: writes that grow and shrink it, checkpoints, snapshots, outages, lost answers,
/// kills, reboots and clean closes. Every shipped transaction must restore to what the source was, to the byte at the
/// end and by content at each position.
/// </summary>
public sealed class RandomHistoryTests
{
    // "1-12", or "67-67" to replay one. A nightly run sets a wide range.
    private static readonly int[] Range = [.. (Environment.GetEnvironmentVariable("REPLICATION_SEEDS") ?? "1-12")
        .Split('-').Select(seed => int.Parse(seed, CultureInfo.InvariantCulture))];

    public static TheoryData<int> AllSeeds => [.. Enumerable.Range(Range[0], Range[1] - Range[0] + 1)];

    [Theory]
    [MemberData(nameof(AllSeeds))]
    public async Task A_random_life_restores_to_every_shipped_transaction(int seed)
    {
        using var world = new ShippingWorld(new FaultSchedule(seed)
        {
            Operations = ObjectOperations.Create,
            FailBefore = 0.05,
            LoseAnswer = 0.1,
            Duplicate = 0.05,
            ArriveLate = 0.1,
        })
        {
            Lineage = "tenant 1",
        };
        var life = new RandomLife(world, new Random(seed));
        await life.RunAsync(steps: 40);
    }

    private sealed class RandomLife(ShippingWorld world, Random random)
    {
        private readonly int _pageBytes = 512 << random.Next(8);
        private readonly Dictionary<Txid, string> _contents = [];
        private ShippingWorld.Owner _owner = null!;
        private int _nextId = 1;
        private bool _hasRebooted;

        private static CancellationToken None => CancellationToken.None;

        public async Task RunAsync(int steps)
        {
            _owner = await world.OpenAsync("a", _pageBytes);
            if (random.Next(2) == 0)
            {
                // Only a vacuum makes it so in a database that has tables.
                _owner.Database.Execute("pragma auto_vacuum=full; vacuum");
            }

            for (var step = 0; step < steps; step++)
            {
                await StepAsync();
            }

            await ShipAllAsync();
            await world.RequireEqualAsync(_owner);
            await RequireEveryTransactionAsync();
            await _owner.DisposeAsync();
        }

        private async Task StepAsync()
        {
            Write();
            world.Store.IsOut = random.Next(8) == 0;
            if (random.Next(4) == 0)
            {
                await world.Store.DeliverLateWritesAsync();
            }

            if (random.Next(4) > 0)
            {
                await ShipAsync();
            }

            switch (random.Next(10))
            {
                case 0 or 1:
                    _owner.Checkpoint(random.Next(2) == 0 ? "truncate" : "restart");
                    break;
                case 2:
                    await SnapshotAsync();
                    break;
                case 3:
                    await KillAsync();
                    break;
                case 4 when _owner.Checkpoint():
                    await _owner.Replica.CloseAsync(clean: CloseDatabase(), None);
                    await ReopenAsync(_hasRebooted ? null : Opening.Continued);
                    break;
            }
        }

        private void Write()
        {
            var statements = random.Next(1, 6);
            if (random.Next(12) == 0)
            {
                _owner.Database.Execute("vacuum");
                return;
            }

            _owner.Database.Execute("begin");
            for (var statement = 0; statement < statements; statement++)
            {
                _owner.Database.Execute(NextStatement());
            }

            _owner.Database.Execute(random.Next(8) == 0 ? "rollback" : "commit");
        }

        private string NextStatement() => random.Next(7) switch
        {
            0 => $"delete from t where id % {random.Next(2, 6)} = 0",
            1 => $"update t set v = randomblob({random.Next(1, 3000)}) where id % 7 = {random.Next(7)}",
            2 => "create table if not exists u(a, b); insert into u select id, v from t limit 20",
            3 => "drop table if exists u",
            4 => $"insert into t values({_nextId++}, randomblob({random.Next(1, 100_000)}))",
            _ => $"insert into t values({_nextId++}, randomblob({random.Next(1, 2000)}))",
        };

        private async Task ShipAsync()
        {
            try
            {
                var position = await _owner.Replica.ShipAsync(None);
                _contents[position] = Content(_owner.Database);
            }
            catch (ObjectStoreException)
            {
                // An older transaction may be stored now, of whose content nothing is known here.
                Assert.False(_owner.Replica.TryBeginCheckpoint());
            }
            catch (FencedException)
            {
                // A file of the process that was killed before arrived late. It came from this WAL, unless that is gone.
                await _owner.KillAsync();
                await ReopenAsync(_hasRebooted ? null : Opening.Continued);
            }
        }

        private async Task ShipAllAsync()
        {
            world.Store.IsOut = false;
            do
            {
                await ShipAsync();
            }
            while (!_owner.Replica.TryBeginCheckpoint());
            _owner.Replica.EndCheckpoint(completed: false);
        }

        private async Task SnapshotAsync()
        {
            try
            {
                Assert.Equal(_owner.Replica.Position != Txid.None, await _owner.Replica.SnapshotAsync(None));
            }
            catch (ObjectStoreException)
            {
                // The next one may succeed.
                Assert.NotEqual(Txid.None, _owner.Replica.Position);
            }
        }

        private async Task KillAsync()
        {
            var content = Content(_owner.Database);
            var shipped = _owner.Replica.Position;
            await _owner.KillAsync();
            var reboots = random.Next(3) == 0;
            if (reboots)
            {
                world.Reboot();
                _hasRebooted = true;
            }

            await ReopenAsync(shipped == Txid.None ? null : reboots ? Opening.Restored : Opening.Continued);

            // Unshipped commits survive a kill, not a reboot; what was shipped is always there. A lost answer may have
            // stored one transaction more than the killed process knew of.
            Assert.InRange(_owner.Replica.Position.Value, shipped.Value, shipped.Value + 1);
            if (_owner.Replica.Opening == Opening.Continued)
            {
                Assert.Equal(content, Content(_owner.Database));
            }
            else if (_contents.TryGetValue(_owner.Replica.Position, out var expected))
            {
                Assert.Equal(expected, Content(_owner.Database));
            }
        }

        private bool CloseDatabase()
        {
            _owner.Database.Dispose();
            return true;
        }

        private async Task ReopenAsync(Opening? expected)
        {
            world.Store.IsOut = false;
            _owner = await world.OpenAsync("a", _pageBytes);
            Assert.Equal(expected ?? _owner.Replica.Opening, _owner.Replica.Opening);
        }

        private async Task RequireEveryTransactionAsync()
        {
            foreach (var (txid, content) in _contents)
            {
                if (txid == Txid.None)
                {
                    continue;
                }

                var path = world.Folder["at.db"];
                await world.RestoreAsync(path, RestoreTarget.At(txid));
                using var restored = new TestDatabase(path, _pageBytes);
                Assert.Equal("ok", restored.Scalar("pragma integrity_check"));
                Assert.Equal(content, Content(restored));
            }
        }

        private static string Content(TestDatabase database) =>
            database.Scalar("select count(*) || ':' || ifnull(sum(id), 0) || ':' || ifnull(group_concat(hex(v)), '') from t");
    }
}

using System.Globalization;
using Platform.Replication.Fencing;
using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Maintenance;

/// <summary>
/// Seeded random lives of a replica over days of simulated time: writes, upkeep that is cut off between any two calls
/// of the store, answers that are lost, writes and deletes that arrive late, kills, and owners of before that go on
/// merging and deleting by what they knew. After each step the newest state restores, and so does every retained moment.
/// </summary>
public sealed class RandomUpkeepTests
{
    // A nightly run sets it higher; the seeds are 1 to this number.
    private static readonly int Seeds = int.Parse(
        Environment.GetEnvironmentVariable("REPLICATION_SEEDS") ?? "8", CultureInfo.InvariantCulture);

    public static TheoryData<int> AllSeeds => [.. Enumerable.Range(1, Seeds)];

    [Theory]
    [MemberData(nameof(AllSeeds))]
    public async Task Every_retained_moment_restores_after_any_life(int seed)
    {
        var random = new Random(seed);
        using var world = new UpkeepWorld
        {
            Options = new UpkeepOptions
            {
                FilesPerMerge = [4, 3, 3],
                MergeFilesMin = 2,
                MergeBytesDue = 30_000,
                MergeBytesMax = 200_000,
                Retention = TimeSpan.FromHours(3),
                TransactionRetention = TimeSpan.FromMinutes(30),
                TransactionsKept = random.Next(2) * 20,
                DeletionGrace = TimeSpan.FromMinutes(10),
                DeletionsMin = random.Next(1, 8),
                SnapshotInterval = TimeSpan.FromMinutes(20),
                SnapshotBytesMin = 20_000,
                SnapshotFilesMax = 12,
                LookFiles = 1,
            },
        };
        await new Life(world, random, seed).RunAsync(steps: 120);
    }

    private sealed class Life(UpkeepWorld world, Random random, int seed)
    {
        private static readonly ObjectFault[] Faults =
            [ObjectFault.FailBefore, ObjectFault.LoseAnswer, ObjectFault.Duplicate, ObjectFault.ArriveLate];

        private readonly Dictionary<string, TimeSpan> _firstSeen = [];
        private readonly List<UpkeepWorld.Owner> _zombies = [];
        private UpkeepWorld.Owner _owner = null!;
        private int _node;

        private static CancellationToken None => CancellationToken.None;

        private TimeSpan Now => world.Time.GetElapsedTime(0);

        public async Task RunAsync(int steps)
        {
            await OpenAsync();
            for (var step = 0; step < steps; step++)
            {
                await StepAsync();
                await RequireLifetimesAsync();
                if (random.Next(3) == 0)
                {
                    await RequireNewestAsync(step);
                    await RequireMomentAsync(step);
                }
            }

            await world.Store.DeliverLateWritesAsync();
            await RequireNewestAsync(steps);
            for (var moment = 0; moment < 20; moment++)
            {
                await RequireMomentAsync(steps);
            }

            await _owner.DisposeAsync();
            foreach (var zombie in _zombies)
            {
                await zombie.DisposeAsync();
            }
        }

        private async Task StepAsync()
        {
            for (var writes = random.Next(6); writes > 0; writes--)
            {
                Write();
                await _owner.TryShipAsync();
                world.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 300)));
            }

            if (random.Next(3) == 0)
            {
                _owner.Checkpoint();
            }

            switch (random.Next(14))
            {
                case 0:
                    await RestartAsync(asZombie: false);
                    break;
                case 1:
                    await RestartAsync(asZombie: true);
                    break;
                case 2:
                    await world.Store.DeliverLateWritesAsync();
                    break;
                case 3:
                    world.Time.Advance(TimeSpan.FromHours(random.Next(1, 5)));
                    break;
                case 4:
                    // Someone's clock was set wrong, and is set right later.
                    world.Time.SetWallClock(TimeSpan.FromMinutes(random.Next(-20, 20)));
                    break;
                default:
                    await UpkeepAsync();
                    break;
            }
        }

        private void Write() => _owner.Database.Execute(random.Next(8) switch
        {
            0 => "delete from t where id % 3 = 0; vacuum",
            1 => "update t set v = randomblob(length(v)) where id % 5 = 1",
            2 => $"insert into t(v) values(randomblob({random.Next(1, 40_000)}))",
            _ => $"insert into t(v) values(randomblob({random.Next(1, 300)}))",
        });

        private async Task UpkeepAsync()
        {
            var who = _zombies.Count > 0 && random.Next(3) == 0 ? _zombies[random.Next(_zombies.Count)] : _owner;
            if (random.Next(2) == 0)
            {
                // Level 0 is left out: whether a group that came late belongs to history is shipping's matter.
                var calls = random.Next(8);
                world.Store.FailNext(
                    ObjectOperations.All,
                    Faults[random.Next(Faults.Length)],
                    keys: key => !key.Contains("/ltx/0/", StringComparison.Ordinal) && calls-- <= 0);
            }

            try
            {
                await who.Upkeep.RunAsync(None);
            }
            catch (ObjectStoreException)
            {
                if (random.Next(2) == 0)
                {
                    await RestartAsync(asZombie: random.Next(2) == 0);
                }
            }
        }

        private async Task RestartAsync(bool asZombie)
        {
            var position = _owner.Replica.Position;
            if (asZombie)
            {
                _zombies.Add(_owner);
            }
            else
            {
                await _owner.DisposeAsync();
            }

            await OpenAsync();
            Assert.True(_owner.Replica.Position >= position, $"seed {seed}: acknowledged transactions are missing");
        }

        private async Task OpenAsync()
        {
            while (true)
            {
                try
                {
                    _owner = await world.OpenAsync($"node{_node++}");
                    return;
                }
                catch (ObjectStoreException)
                {
                    // The fault that was meant for upkeep.
                }
            }
        }

        // A name of level 0 stays at least ten minutes, so that no owner of before can get it again.
        private async Task RequireLifetimesAsync()
        {
            var there = (await world.ListAsync()).ToDictionary(file => file.Key);
            foreach (var key in there.Keys)
            {
                _firstSeen.TryAdd(key, Now);
            }

            foreach (var (key, seen) in _firstSeen.Where(entry => !there.ContainsKey(entry.Key)).ToArray())
            {
                _firstSeen.Remove(key);
                if (key.Contains("/ltx/0/", StringComparison.Ordinal))
                {
                    Assert.True(Now - seen >= UpkeepOptions.DeletionGraceMin, $"seed {seed}: {key} went after {Now - seen}");
                }
            }
        }

        private async Task RequireNewestAsync(int step)
        {
            if (_owner.Replica.Position == Txid.None)
            {
                return;
            }

            try
            {
                var newest = await world.RequireRestoresAsync();
                Assert.True(newest >= _owner.Replica.Position, $"{newest} < {_owner.Replica.Position}");
            }
            catch (Exception failure) when (failure is not FencedException)
            {
                throw new InvalidOperationException(
                    $"seed {seed}, step {step}: the newest state; {await world.NamesAsync()}", failure);
            }
        }

        private async Task RequireMomentAsync(int step)
        {
            var position = _owner.Replica.Position;
            var line = world.History.Where(entry => entry.Key <= position).OrderBy(entry => entry.Key).ToArray();
            if (line.Length == 0)
            {
                return;
            }

            // Times along the line never go back, even when the clock did.
            var latest = line.Max(entry => entry.Value.Time);
            var moment = latest - (random.NextDouble() * world.Options.Retention);
            var times = line.Select(entry => entry.Value.Time).Aggregate(
                new List<DateTimeOffset>(),
                (list, time) => [.. list, list.Count > 0 && list[^1] > time ? list[^1] : time]);
            var before = times.Count(time => time < moment);
            if (before == 0)
            {
                return;
            }

            var expected = line[before - 1].Key;
            try
            {
                var actual = await world.RequireRestoresAsync(RestoreTarget.Before(moment));
                Assert.True(actual <= expected, $"{actual} is after {expected}");
                var isRecent = world.Time.GetUtcNow() - moment < world.Options.TransactionRetention - TimeSpan.FromMinutes(20);
                var missing = expected.Value - actual.Value;
                Assert.True(
                    missing < (isRecent ? 1UL : (ulong)world.Options.FilesPerMerge[0]),
                    $"{actual} instead of {expected}, at {latest - moment} before the last");
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"seed {seed}, step {step}: the moment {moment:O} ({expected}); {await world.NamesAsync()}", failure);
            }
        }
    }
}

using Platform.Replication.Fencing;
using Platform.Replication.Maintenance;
using Platform.Replication.Restoring;
using Platform.Replication.Shipping;
using Platform.Testing;

namespace Platform.Replication.Bench.Cost;

/// <summary>
/// A tenant's life in simulated days, as a node leads it: activated by a request, shipped after each commit, kept up on
/// the heels of writes, checkpointed at 4 MiB, closed after five minutes without a request.
/// </summary>
internal sealed class TenantLife(TenantKind kind, byte[] image, string folder) : IAsyncDisposable
{
    private const string TenantPath = "tenants/acme";
    private const long CheckpointWalBytes = 4 << 20;

    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(5);

    private readonly Random _random = new(1);
    private readonly SimulatedTime _time = new();
    private readonly string _path = Path.Combine(folder, "data.db");
    private CountingStore _store = null!;
    private DatabaseReplica? _replica;
    private ReplicaUpkeep? _upkeep;
    private TenantDatabase? _database;
    private ReplicaMemory? _memory;
    private long _epoch = 1;

    private static CancellationToken None => CancellationToken.None;

    public async Task<CostRow> RunAsync()
    {
        _store = new CountingStore(_time);
        Directory.CreateDirectory(folder);
        await UseAsync();
        await CloseAsync();
        await LiveAsync(kind.Days.Before);
        _store.Reset();
        await LiveAsync(kind.Days.Measured);
        var period = TimeSpan.FromDays(kind.Days.Measured);
        var (traffic, mean, objects) = (_store.Traffic, _store.MeanBytes(period), _store.Objects);
        return CostRow.Of(kind, traffic, mean, objects, await RestoreAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task LiveAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            var midnight = _time.GetUtcNow();
            if (kind.Between is { } between)
            {
                while (_time.GetUtcNow() - midnight < TimeSpan.FromHours(kind.HoursPerDay))
                {
                    await WriteForAsync(kind.ShipInterval > between ? kind.ShipInterval : between, between);
                }
            }
            else
            {
                await UseAsync();
            }

            await CloseAsync();
            _time.Advance(midnight + TimeSpan.FromDays(1) - _time.GetUtcNow());
        }
    }

    private async Task WriteForAsync(TimeSpan period, TimeSpan between)
    {
        await UseAsync();
        for (var passed = TimeSpan.Zero; passed < period; passed += between)
        {
            _database!.Write();
            _time.Advance(between < IdleAfter ? between : IdleAfter);
        }

        await _replica!.ShipAsync(None);
        if (_upkeep!.IsDue)
        {
            await _upkeep.RunAsync(None);
        }

        if (_replica.WalBytes >= CheckpointWalBytes)
        {
            Checkpoint();
        }

        if (between > IdleAfter)
        {
            await CloseAsync();
            _time.Advance(between - IdleAfter);
        }
    }

    private async Task UseAsync()
    {
        if (_replica is not null)
        {
            return;
        }

        var options = new DatabaseReplicaOptions
        {
            Store = _store,
            ReplicaPath = TenantPath + "/data.db",
            DatabasePath = _path,
            Time = _time,
            Lineage = "cost",
        };
        _replica = kind.IsRemembered ? _memory?.TryReopen(options) : null;
        if (_replica is null)
        {
            await EpochLease.AcquireAsync(_store, TenantPath, _epoch++, $"node-{_epoch}", _time, None);
            _replica = await DatabaseReplica.OpenAsync(options, None);
        }

        if (_replica.Opening == Opening.Empty)
        {
            await File.WriteAllBytesAsync(_path, image);
        }

        _upkeep = new ReplicaUpkeep(_replica, new UpkeepOptions(), metrics: null);
        _database = new TenantDatabase(_path, _random);
        if (_replica.Opening == Opening.Empty && kind.Between is not null)
        {
            _database.Write();
            await _replica.ShipAsync(None);
        }
    }

    private async Task CloseAsync()
    {
        if (_replica is null)
        {
            return;
        }

        await _upkeep!.DisposeAsync();
        await _replica.ShipAsync(None);
        var isClean = _replica.Position.Value == 0 || Checkpoint();
        _database!.Dispose();
        await _replica.CloseAsync(isClean, None);
        (_memory, _replica) = (_replica.Memory, null);
        if (!kind.IsRemembered)
        {
            // Another node has no local copy.
            foreach (var file in Directory.GetFiles(folder))
            {
                File.Delete(file);
            }
        }
    }

    private bool Checkpoint()
    {
        if (!_replica!.TryBeginCheckpoint())
        {
            return false;
        }

        var isComplete = _database!.Checkpoint();
        _replica.EndCheckpoint(isComplete);
        return isComplete;
    }

    private async Task<(long Requests, double Times)> RestoreAsync()
    {
        if (_store.Objects < 2)
        {
            return (0, 0);
        }

        _store.Reset();
        await DatabaseRestore.RestoreAsync(
            new RestoreOptions
            {
                Store = _store,
                ReplicaPath = TenantPath + "/data.db",
                DestinationPath = Path.Combine(folder, "restored.db"),
            },
            RestoreTarget.Newest,
            progress: null,
            None);
        return (_store.Traffic.Gets + _store.Traffic.Lists, _store.Traffic.BytesRead / (double)image.Length);
    }
}

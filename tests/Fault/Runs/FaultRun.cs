using Platform.Replication.Fencing;

namespace Platform.Fault.Tests.Runs;

/// <summary>
/// One random life of a tenant: owners that write, ship, checkpoint and keep up; kills, losses of power, moves to other
/// nodes and back, owners that go on after they were replaced; a network that fails, repeats, loses answers and
/// delivers late; clocks that are set wrong. The seed decides all of it but the content of blobs.
/// </summary>
internal sealed class FaultRun(FaultWorld world, Random random)
{
    /// <summary>Shorter than names of files live: an owner that was replaced ends before, as its lease does.</summary>
    private static readonly TimeSpan ZombieTimeMax = TimeSpan.FromMinutes(8);

    private readonly List<FaultOwner> _zombies = [];
    private readonly List<LocalDisk> _disks = [];
    private FaultOwner _owner = null!;
    private TimeSpan _settledAt;

    // False from when commits may be lost rightly: those of a node that lost its power or its tenant.
    private bool _isLinear = true;

    public async Task RunAsync(int steps)
    {
        _owner = await world.OpenAsync(world.NewDisk());
        for (var step = 0; step < steps; step++)
        {
            await StepAsync();
        }

        await SettleAsync();
        while (!await WithFencingAsync(owner => owner.TryShipAsync()))
        {
        }

        if (random.Next(3) == 0)
        {
            await WithFencingAsync(owner => owner.TryCloseCleanAsync());
        }

        await _owner.DisposeAsync();
    }

    private async Task StepAsync()
    {
        for (var writes = random.Next(1, 4); writes > 0; writes--)
        {
            _owner.Write();
            await PassTimeAsync(TimeSpan.FromSeconds(random.Next(1, 90)));
            if (random.Next(4) > 0)
            {
                await WithFencingAsync(owner => owner.TryShipAsync());
            }
        }

        await WithZombieAsync();
        switch (random.Next(16))
        {
            case 0 or 1:
                await KillAsync();
                break;
            case 2:
                await LosePowerAsync();
                break;
            case 3:
                await MoveAsync(staysAlive: true);
                break;
            case 4:
                await MoveAsync(staysAlive: false);
                break;
            case 5:
                await CloseAsync();
                break;
            case 6 or 7:
                await world.DeliverLateWritesAsync(all: false);
                break;
            case 8:
                world.Time.SetWallClock(TimeSpan.FromMinutes(random.Next(-20, 20)));
                break;
            case 9:
                await PassTimeAsync(TimeSpan.FromMinutes(random.Next(5, 60)));
                break;
            case 10:
                _owner.Network.IsOut = !_owner.Network.IsOut;
                break;
            case 11:
                _owner.Checkpoint();
                break;
            case 12:
                _owner.Rest();
                break;
            default:
                await _owner.UpkeepAsync();
                break;
        }
    }

    /// <summary>An owner that does not know that it was replaced writes, ships and keeps up as if it were not.</summary>
    private async Task WithZombieAsync()
    {
        if (_zombies.Count == 0 || random.Next(3) > 0)
        {
            return;
        }

        var zombie = _zombies[random.Next(_zombies.Count)];
        try
        {
            zombie.Write();
            await zombie.TryShipAsync();
            if (random.Next(3) == 0)
            {
                zombie.Rest();
            }

            await zombie.UpkeepAsync();
        }
        catch (FencedException)
        {
            _zombies.Remove(zombie);
            await zombie.DisposeAsync();
        }
    }

    private async Task<bool> WithFencingAsync(Func<FaultOwner, Task<bool>> act)
    {
        try
        {
            return await act(_owner);
        }
        catch (FencedException)
        {
            // A zombie's file, or one of a killed process that arrived late. It is history now.
            await _owner.DisposeAsync();
            _owner = await world.OpenAsync(_owner.Disk);
            return false;
        }
    }

    private async Task KillAsync()
    {
        var head = _owner.Head;
        var disk = _owner.CopyDisk();
        await _owner.DisposeAsync();
        _owner = await world.OpenAsync(disk);
        if (_isLinear)
        {
            Assert.True(_owner.Head == head, $"a kill lost commits: {_owner.Head} instead of {head}");
        }
    }

    private async Task LosePowerAsync()
    {
        _isLinear = false;
        var disk = _owner.CopyDisk();
        await _owner.DisposeAsync();
        disk.LosePower();
        _disks.Clear();
        // One machine has all disks; processes on it do not outlive it.
        await EndZombiesAsync();
        world.Reboot();
        _owner = await world.OpenAsync(disk);
    }

    /// <summary>Another node takes over: on an empty disk, an old one, or a copy of the owner's own.</summary>
    private async Task MoveAsync(bool staysAlive)
    {
        _isLinear = false;
        var next = random.Next(3) switch
        {
            0 when _disks.Count > 0 => Take(_disks),
            1 => _owner.CopyDisk(),
            _ => world.NewDisk(),
        };
        if (staysAlive)
        {
            _zombies.Add(_owner);
        }
        else
        {
            await _owner.DisposeAsync();
            _disks.Add(_owner.Disk);
        }

        _owner = await world.OpenAsync(next);
    }

    private async Task CloseAsync()
    {
        var head = _owner.Head;
        if (!await WithFencingAsync(owner => owner.TryCloseCleanAsync()))
        {
            return;
        }

        var disk = _owner.Disk;
        if (random.Next(3) == 0)
        {
            world.Reboot();
            await EndZombiesAsync();
            if (random.Next(2) == 0)
            {
                disk.LosePower();
            }
        }

        _owner = await world.OpenAsync(disk);
        Assert.True(world.Tree.Follows(_owner.Head, head), $"a clean close lost commits: {_owner.Head} instead of {head}");
    }

    private async Task PassTimeAsync(TimeSpan time)
    {
        if (world.Time.GetElapsedTime(0) + time - _settledAt > ZombieTimeMax)
        {
            await SettleAsync();
        }

        world.Time.Advance(time);
    }

    private async Task SettleAsync()
    {
        foreach (var owner in _zombies.Append(_owner))
        {
            owner.Network.IsOut = false;
        }

        await world.DeliverLateWritesAsync(all: true);
        await EndZombiesAsync();
        _settledAt = world.Time.GetElapsedTime(0);
    }

    private async Task EndZombiesAsync()
    {
        foreach (var zombie in _zombies)
        {
            await zombie.DisposeAsync();
        }

        _zombies.Clear();
    }

    private T Take<T>(List<T> list)
    {
        var item = list[random.Next(list.Count)];
        list.Remove(item);
        return item;
    }
}

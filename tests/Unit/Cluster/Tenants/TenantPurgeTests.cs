using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Testing.ObjectStores;

namespace Platform.Cluster.Tests.Tenants;

public sealed class TenantPurgeTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    private readonly List<TenantId> _forgotten = [];

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_deleted_tenant_is_purged_with_all_of_its_objects_and_its_id_is_free()
    {
        await using var fixture = await PrepareAsync(isDeleted: true, objects: 2500);

        Assert.Null(await Purge(fixture).PurgeAsync(Acme, None));

        Assert.Equal(["tenants/acme-two/metadata.json"], await KeysAsync(fixture));
        Assert.Equal([Acme], _forgotten);
        Assert.Null(fixture.Parts.Index.Get(Acme));
        Assert.Equal(404, (await Purge(fixture).PurgeAsync(Acme, None))!.Status);
        Assert.NotNull((await fixture.CreateAsync("acme")).Tenant);
    }

    [Fact]
    public async Task A_tenant_that_is_not_deleted_is_not_purged()
    {
        await using var fixture = await PrepareAsync(isDeleted: false, objects: 3);
        var keys = await KeysAsync(fixture);

        Assert.Equal(409, (await Purge(fixture).PurgeAsync(Acme, None))!.Status);

        Assert.Equal(keys, await KeysAsync(fixture));
        Assert.NotNull(fixture.Parts.Index.Find(Acme));
    }

    [Theory]
    [InlineData(ObjectOperations.Put, false)]
    [InlineData(ObjectOperations.List, false)]
    [InlineData(ObjectOperations.Delete, false)]
    [InlineData(ObjectOperations.Put, true)]
    [InlineData(ObjectOperations.List, true)]
    [InlineData(ObjectOperations.Delete, true)]
    public async Task A_purge_that_was_cut_off_is_finished_and_the_id_stays_taken_until_then(
        ObjectOperations cutOff, bool isRegistryLost)
    {
        await using var fixture = await PrepareAsync(isDeleted: true, objects: 20);
        fixture.Objects.FailNext(cutOff, ObjectFault.FailBefore);
        Assert.Equal(503, (await Purge(fixture).PurgeAsync(Acme, None))!.Status);
        Assert.Null(fixture.Parts.Index.Get(Acme));
        Assert.Equal(409, (await fixture.CreateAsync("acme")).Problem!.Status);

        if (isRegistryLost && cutOff != ObjectOperations.Put)
        {
            // The one that is rebuilt goes on with the purge instead of bringing half a tenant back.
            await using var rebuilt = await RegistryFixture.OpenOnAsync(fixture.Objects);
            Assert.Null(rebuilt.Parts.Index.Get(Acme));
            await Purge(rebuilt).LookAsync(None);
            Assert.NotNull((await rebuilt.CreateAsync("acme")).Tenant);
        }
        else
        {
            await Purge(fixture).LookAsync(None);
            Assert.Equal(["tenants/acme-two/metadata.json"], await KeysAsync(fixture));
            Assert.NotNull((await fixture.CreateAsync("acme")).Tenant);
        }
    }

    [Fact]
    public async Task What_has_been_deleted_for_long_enough_goes_by_itself_and_nothing_else()
    {
        await using var fixture = await PrepareAsync(isDeleted: true, objects: 3);

        await Purge(fixture, keptFor: TimeSpan.FromDays(30)).LookAsync(None);
        await Purge(fixture, keptFor: TimeSpan.Zero).LookAsync(None);
        Assert.Equal(TenantStatus.Deleted, fixture.Parts.Index.Get(Acme)!.Descriptor.Status);

        await Purge(fixture, keptFor: TimeSpan.FromTicks(1)).LookAsync(None);
        Assert.Null(fixture.Parts.Index.Get(Acme));
        Assert.Equal(["tenants/acme-two/metadata.json"], await KeysAsync(fixture));
    }

    private static async Task<RegistryFixture> PrepareAsync(bool isDeleted, int objects)
    {
        var fixture = await RegistryFixture.OpenAsync();
        await fixture.CreateAsync("acme", "acme.example.com");
        await fixture.CreateAsync("acme-two");
        for (var number = 0; number < objects; number++)
            await fixture.Objects.PutAsync($"tenants/acme/storage/c/{number}/file", new byte[1], None);
        if (isDeleted) await fixture.Registry.DeleteAsync(Acme, None);
        return fixture;
    }

    private static async Task<List<string>> KeysAsync(RegistryFixture fixture)
    {
        var keys = new List<string>();
        await foreach (var entry in fixture.Objects.ListAsync("tenants/", null, None)) keys.Add(entry.Key);
        return keys;
    }

    private TenantPurge Purge(RegistryFixture fixture, TimeSpan keptFor = default) => new(
        fixture.Store, fixture.Objects, fixture.Parts.Index,
        tenant =>
        {
            _forgotten.Add(tenant);
            return Task.CompletedTask;
        },
        keptFor, TimeProvider.System, NullLogger<TenantPurge>.Instance);
}

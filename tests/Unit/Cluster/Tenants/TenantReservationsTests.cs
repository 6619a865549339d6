using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.Cluster.Tests.Tenants;

public sealed class TenantReservationsTests
{
    private const string FileKey = "tenants/acme/storage/c/r/file";
    private const string DatabaseKey = "tenants/acme/data.db/ltx/9/first";

    private static readonly TenantId Acme = TenantId.Parse("acme");

    private static readonly TenantDraft Draft = new()
    {
        Id = Acme,
        Domains = [],
        Durability = Durability.Replicated,
        Quotas = new TenantQuotas(),
        Metadata = new Dictionary<string, string>(),
    };

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_tenant_is_opened_when_its_data_is_stored()
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        var answer = await FillAsync(fixture, async () =>
        {
            Assert.Equal(TenantStatus.Deleted, fixture.Parts.Index.Get(Acme)!.Descriptor.Status);
            Assert.True(TenantReservations.IsReservation(fixture.Parts.Index.Get(Acme)!.Descriptor));
            await StoreAsync(fixture);
        });
        Assert.Equal(TenantStatus.Created, answer.Tenant!.Status);
        Assert.Equal([DatabaseKey, "tenants/acme/metadata.json", FileKey], await KeysAsync(fixture));
    }

    [Theory]
    [InlineData(FileKey)]
    [InlineData(DatabaseKey)]
    public async Task A_failure_leaves_nothing_and_the_same_again_succeeds(string failing)
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        fixture.Objects.FailNext(ObjectOperations.Put, ObjectFault.FailBefore, keys: key => key == failing);
        await Assert.ThrowsAsync<ObjectStoreException>(() => FillAsync(fixture));

        Assert.Null(fixture.Parts.Index.Get(Acme));
        Assert.Null(await fixture.Store.GetAsync(TenantKeys.Of(Acme), None));
        await fixture.Parts.Copies.WriteAsync(Acme, None);
        Assert.Empty(await KeysAsync(fixture));
        Assert.Equal(TenantStatus.Created, (await FillAsync(fixture)).Tenant!.Status);
        Assert.Null(await fixture.Store.GetAsync(TenantKeys.UnfinishedOf(Acme), None));
    }

    [Fact]
    public async Task A_write_that_arrives_late_and_what_could_not_be_deleted_is_removed_before_the_next_try()
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        fixture.Objects.FailNext(ObjectOperations.Put, ObjectFault.ArriveLate, keys: key => key == DatabaseKey);
        fixture.Objects.FailNext(ObjectOperations.List, ObjectFault.FailBefore);
        await Assert.ThrowsAsync<ObjectStoreException>(() => FillAsync(fixture));
        Assert.Equal(1, await fixture.Objects.DeliverLateWritesAsync());
        Assert.Contains(FileKey, await KeysAsync(fixture));

        List<string> before = ["?"];
        var answer = await FillAsync(fixture, async () => before = await KeysAsync(fixture));
        Assert.Equal(TenantStatus.Created, answer.Tenant!.Status);
        Assert.Equal(["tenants/acme/metadata.json"], before);
    }

    [Fact]
    public async Task The_id_is_for_the_same_request_only_until_nothing_can_arrive_any_more()
    {
        var time = new SimulatedTime();
        await using var fixture = await RegistryFixture.OpenAsync();
        fixture.Objects.FailNext(ObjectOperations.Put, ObjectFault.ArriveLate, keys: key => key == DatabaseKey);
        var reservations = Reservations(fixture, time);
        await Assert.ThrowsAsync<ObjectStoreException>(
            () => reservations.FillAsync(Draft, () => StoreAsync(fixture), None));
        await reservations.LookAsync(None);
        Assert.Equal(409, (await fixture.CreateAsync("acme")).Problem!.Status);

        await fixture.Objects.DeliverLateWritesAsync();
        time.Advance(TimeSpan.FromMinutes(11));
        fixture.Objects.FailNext(ObjectOperations.Delete, ObjectFault.FailBefore);
        await reservations.LookAsync(None);
        Assert.Equal(409, (await fixture.CreateAsync("acme")).Problem!.Status);
        await reservations.LookAsync(None);
        Assert.DoesNotContain(DatabaseKey, await KeysAsync(fixture));
        Assert.NotNull((await fixture.CreateAsync("acme")).Tenant);
    }

    [Fact]
    public async Task Who_was_overtaken_neither_opens_nor_removes_the_tenant_of_another()
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        foreach (var fails in new[] { false, true })
        {
            var overtaken = FillAsync(fixture, async () =>
            {
                // An operator purges what looks like a leftover, and makes a tenant of the name.
                await PurgeAsync(fixture);
                Assert.NotNull((await fixture.CreateAsync("acme")).Tenant);
                if (fails) throw new IOException("A fault of the test.");
            });
            if (fails) await Assert.ThrowsAsync<IOException>(() => overtaken);
            else Assert.Equal(409, (await overtaken).Problem!.Status);
            Assert.NotNull(fixture.Parts.Index.Find(Acme));
            await fixture.Registry.DeleteAsync(Acme, None);
            await PurgeAsync(fixture);
        }
    }

    [Fact]
    public async Task A_tenant_that_was_deleted_is_nobody_s_reservation()
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        await fixture.CreateAsync("acme");
        await fixture.Registry.DeleteAsync(Acme, None);
        Assert.False(TenantReservations.IsReservation(fixture.Parts.Index.Get(Acme)!.Descriptor));
        Assert.Equal(409, (await FillAsync(fixture)).Problem!.Status);
    }

    private static TenantReservations Reservations(RegistryFixture fixture, TimeProvider time) => new(
        fixture.Store, fixture.Objects, fixture.Registry, fixture.Parts.Index, time,
        NullLogger<TenantReservations>.Instance);

    private static async Task<RegistryAnswer> FillAsync(RegistryFixture fixture, Func<Task>? fill = null) =>
        await fixture.Parts.Reservations.FillAsync(Draft, fill ?? (() => StoreAsync(fixture)), None);

    private static async Task StoreAsync(RegistryFixture fixture)
    {
        await fixture.Objects.PutAsync(FileKey, new byte[1], None);
        await fixture.Objects.PutAsync(DatabaseKey, new byte[1], None);
    }

    private static async Task PurgeAsync(RegistryFixture fixture) => Assert.Null(await new TenantPurge(
        fixture.Store, fixture.Objects, fixture.Parts.Index, _ => Task.CompletedTask, TimeSpan.Zero, TimeProvider.System,
        NullLogger<TenantPurge>.Instance).PurgeAsync(Acme, None));

    private static async Task<List<string>> KeysAsync(RegistryFixture fixture)
    {
        var keys = new List<string>();
        await foreach (var entry in fixture.Objects.ListAsync("tenants/", null, None)) keys.Add(entry.Key);
        return keys;
    }
}

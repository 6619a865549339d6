using Platform.Cluster.Store;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.Cluster.Tests.Tenants;

public sealed class TenantRegistryTests
{
    [Theory]
    [InlineData(ObjectFault.FailBefore)]
    [InlineData(ObjectFault.LoseAnswer)]
    [InlineData(ObjectFault.Refuse)]
    public async Task A_tenant_whose_descriptor_cannot_be_stored_is_not_created(ObjectFault fault)
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        fixture.Objects.FailNext(ObjectOperations.Put, fault);
        var refused = await fixture.CreateAsync("acme", "acme.com");
        Assert.Equal(503, refused.Problem!.Status);
        Assert.Null(fixture.Parts.Index.Get(TenantId.Parse("acme")));
        Assert.Null(await fixture.Store.GetAsync("/tenants/acme", CancellationToken.None));
        Assert.NotNull((await fixture.CreateAsync("acme", "acme.com")).Tenant);
        Assert.Equal("acme.com", (await fixture.ReadCopyAsync("acme"))!.Domains[0]);
    }

    [Fact]
    public async Task A_registry_that_two_processes_rebuild_at_once_has_every_tenant_and_each_domain_once()
    {
        await using var lost = await RegistryFixture.OpenAsync();
        string[] ids = [.. "0a9bz".SelectMany(first => Enumerable.Range(0, 8).Select(number => $"{first}-{number}"))];
        foreach (var id in ids) await lost.CreateAsync(id, $"{id}.example.com");
        await using var rebuilt = await RegistryFixture.OpenOnAsync(lost.Objects, processes: 2);

        Assert.Equal(ids.Length, rebuilt.Parts.Index.Count);
        foreach (var id in ids)
            Assert.Equal([$"{id}.example.com"], rebuilt.Parts.Index.Get(TenantId.Parse(id))!.Descriptor.Domains);
        Assert.Equal(ids.Length, (await rebuilt.Store.ListAsync("/domains/", null, 100, CancellationToken.None)).Entries.Count);
    }

    [Fact]
    public async Task A_copy_that_was_stored_in_spite_of_the_failure_is_removed()
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        fixture.Objects.FailNext(ObjectOperations.Put, ObjectFault.LoseAnswer);
        await fixture.CreateAsync("acme");
        Assert.NotNull(await fixture.ReadCopyAsync("acme"));
        await RunCopiesUntilAsync(fixture, async () => await fixture.ReadCopyAsync("acme") is null);
    }

    [Fact]
    public async Task A_change_during_an_outage_counts_and_is_copied_afterwards()
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        await fixture.CreateAsync("acme");
        fixture.Objects.IsOut = true;
        Assert.NotNull((await fixture.Registry.DeleteAsync(TenantId.Parse("acme"), CancellationToken.None)).Tenant);
        Assert.Null(fixture.Parts.Index.Find(TenantId.Parse("acme")));
        Assert.Equal(TenantStatus.Created, (await fixture.ReadCopyAsync("acme"))!.Status);
        fixture.Objects.IsOut = false;
        await RunCopiesUntilAsync(
            fixture, async () => (await fixture.ReadCopyAsync("acme"))!.Status == TenantStatus.Deleted);
        await RunCopiesUntilAsync(
            fixture, async () => await fixture.Store.GetAsync("/tenants-uncopied/acme", CancellationToken.None) is null);
    }

    [Fact]
    public async Task A_change_between_reading_and_writing_a_copy_is_copied_again()
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        await fixture.CreateAsync("acme");
        var gate = fixture.Objects.Hold(ObjectOperations.Put);
        var first = SetLabelAsync(fixture, "1");
        await gate.ArrivalAsync(TimeSpan.FromSeconds(20));
        var second = SetLabelAsync(fixture, "2");
        gate.Open();
        await Task.WhenAll(first, second);
        Assert.Equal("2", (await fixture.ReadCopyAsync("acme"))!.Metadata["n"]);
    }

    [Fact]
    public async Task Changes_at_the_same_time_are_all_made()
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        await fixture.CreateAsync("acme");
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(number => fixture.Registry.ChangeAsync(
            TenantId.Parse("acme"),
            tenant => tenant with
            {
                Metadata = new Dictionary<string, string>(tenant.Metadata) { [$"label{number}"] = "x" },
            },
            CancellationToken.None)));
        Assert.All(answers, answer => Assert.NotNull(answer.Tenant));
        Assert.Equal(3, fixture.Parts.Index.Get(TenantId.Parse("acme"))!.Descriptor.Metadata.Count);
        Assert.Equal(3, (await fixture.ReadCopyAsync("acme"))!.Metadata.Count);
    }

    [Fact]
    public async Task A_domain_is_given_to_one_of_many()
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(number => fixture.CreateAsync($"t{number}", "shared.com")));
        Assert.Single(answers, answer => answer.Tenant is not null);
        Assert.All(
            answers.Where(answer => answer.Tenant is null),
            answer => Assert.True(answer.Problem!.Fields.ContainsKey("domains")));
    }

    [Fact]
    public async Task Another_copy_of_the_registry_follows_every_change()
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        await fixture.CreateAsync("before");
        var other = await fixture.OpenPartsAsync();
        using var stop = new CancellationTokenSource();
        var watching = other.Watch.RunAsync(stop.Token);
        await fixture.CreateAsync("after", "after.com");
        await fixture.Registry.DeleteAsync(TenantId.Parse("before"), CancellationToken.None);
        await Eventually.TrueAsync(() =>
            other.Index.Find(TenantId.Parse("before")) is null && other.Index.Routes.TryGetDomain("after.com", out _));
        Assert.Null(other.Watch.Problem);
        await stop.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task A_copy_that_missed_too_much_is_made_anew()
    {
        await using var fixture = await RegistryFixture.OpenAsync(historyRevisionsMax: 100);
        await fixture.CreateAsync("gone");
        var other = await fixture.OpenPartsAsync();
        await fixture.Store.CommitAsync(
            new StoreTransaction { Operations = [StoreOperation.Delete("/tenants/gone")] }, CancellationToken.None);
        for (var number = 0; number < 80; number++) await fixture.CreateAsync($"t{number}");
        using var stop = new CancellationTokenSource();
        var watching = other.Watch.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => other.Index.Count == 80);
        Assert.Null(other.Index.Get(TenantId.Parse("gone")));
        await stop.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task Generated_ids_do_not_collide()
    {
        await using var fixture = await RegistryFixture.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => fixture.CreateAsync(null)));
        Assert.Equal(100, answers.Select(answer => answer.Tenant!.Id).Distinct().Count());
    }

    private static Task<RegistryAnswer> SetLabelAsync(RegistryFixture fixture, string value) =>
        fixture.Registry.ChangeAsync(
            TenantId.Parse("acme"),
            tenant => tenant with { Metadata = new Dictionary<string, string> { ["n"] = value } },
            CancellationToken.None);

    private static async Task RunCopiesUntilAsync(RegistryFixture fixture, Func<Task<bool>> condition)
    {
        using var stop = new CancellationTokenSource();
        var running = fixture.Parts.Copies.RunAsync(stop.Token);
        await Eventually.TrueAsync(condition);
        await stop.CancelAsync();
        await running;
    }
}

using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tests.Tenants;

/// <summary>Searches against the plainest way to search: a look at every text of every tenant.</summary>
public sealed class TenantSearchTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Few letters, so that much is found; with such whose cases have other lengths, or none, or several.</summary>
    private static readonly string[] Letters =
        ["a", "B", "b", "ß", "ı", "İ", "i", "I", "ſ", "s", "σ", "ς", "Σ", "é", "É", "ǆ", "ǅ", "𐐨", "𐐀", "日", "K", "k", "-", "."];

    [Fact]
    public void Whatever_changes_a_search_finds_what_looking_at_every_tenant_finds()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var index = new TenantIndex();
            var tenants = new Dictionary<string, TenantDescriptor>(StringComparer.Ordinal);
            for (var revision = 1; revision <= 600; revision++)
            {
                Change(index, tenants, random, revision);
                if (revision % 20 == 0) AssertAlike(index, [.. tenants.Values], Query(random), $"seed {seed}, {revision}");
            }
        }
    }

    [Fact]
    public void Every_letter_is_found_by_what_equals_it_without_regard_to_case()
    {
        var index = new TenantIndex();
        for (var letter = 1; letter < char.MaxValue; letter += 50)
        {
            var text = string.Concat(Enumerable.Range(letter, 50).Where(code => code < 0xD800).Select(code => (char)code));
            index.Apply(new TenantRecord(Tenant($"t{letter}", [], text), letter));
        }

        var tenants = index.List(new TenantQuery { PerPage = 2000 }).Items;
        Assert.True(tenants.Count > 500);
        foreach (var letter in Enumerable.Range(1, 0xD800).Select(code => (char)code).Where(HasTwoCases))
            AssertAlike(index, tenants, new TenantQuery { Search = letter.ToString() }, $"letter {(int)letter:X4}");
    }

    private static bool HasTwoCases(char letter) =>
        char.ToUpperInvariant(letter) != letter || letter is 'ı' or 'İ' or 'ſ' or 'ß' or '\u212A';

    private static void Change(
        TenantIndex index, Dictionary<string, TenantDescriptor> tenants, Random random, int revision)
    {
        var id = $"t{random.Next(200)}";
        if (random.Next(5) == 0)
        {
            index.Remove(TenantId.Parse(id), revision);
            tenants.Remove(id);
            return;
        }

        var tenant = Tenant(id, random.Next(2) == 0 ? [] : [Word(random), $"{id}.example.com"], Word(random), Word(random)) with
        {
            Status = random.Next(4) == 0 ? TenantStatus.Deleted : TenantStatus.Created,
            Created = Start.AddMinutes(random.Next(5)),
            Updated = Start.AddMinutes(random.Next(5)),
        };
        index.Apply(new TenantRecord(tenant, revision));
        tenants[id] = tenant;
    }

    private static TenantQuery Query(Random random) => new()
    {
        Page = random.Next(1, 4),
        PerPage = random.Next(1, 60),
        Search = random.Next(4) == 0 ? "" : Letters[random.Next(Letters.Length)] + (random.Next(3) == 0 ? Letters[random.Next(Letters.Length)] : ""),
        Status = random.Next(3) switch { 0 => null, 1 => TenantStatus.Created, _ => TenantStatus.Deleted },
        Sort = (TenantSort)random.Next(3),
        IsDescending = random.Next(2) == 0,
    };

    private static void AssertAlike(
        TenantIndex index, IReadOnlyList<TenantDescriptor> tenants, TenantQuery query, string what)
    {
        var (expected, found) = (Look(tenants, query), index.List(query));
        Assert.True(expected.TotalItems == found.TotalItems, $"{what}: {query} finds {found.TotalItems}, not {expected.TotalItems}");
        Assert.Equal(expected.Items.Select(tenant => tenant.Id.Value), found.Items.Select(tenant => tenant.Id.Value));
        Assert.All(expected.Items.Zip(found.Items), pair => Assert.Same(pair.First, pair.Second));
    }

    private static TenantPage Look(IReadOnlyList<TenantDescriptor> tenants, TenantQuery query)
    {
        var found = tenants.Where(tenant => (query.Status is null || tenant.Status == query.Status)
            && (query.Search.Length == 0 || IsFoundIn(tenant, query.Search)));
        var sorted = (query.Sort switch
        {
            TenantSort.Created => found.OrderBy(tenant => tenant.Created),
            TenantSort.Updated => found.OrderBy(tenant => tenant.Updated),
            _ => found.OrderBy(_ => 0),
        }).ThenBy(tenant => tenant.Id.Value, StringComparer.Ordinal).ToList();
        if (query.IsDescending) sorted.Reverse();
        return new TenantPage([.. sorted.Skip((query.Page - 1) * query.PerPage).Take(query.PerPage)], sorted.Count);
    }

    private static bool IsFoundIn(TenantDescriptor tenant, string search) =>
        tenant.Id.Value.Contains(search, StringComparison.OrdinalIgnoreCase)
        || tenant.Domains.Any(domain => domain.Contains(search, StringComparison.OrdinalIgnoreCase))
        || tenant.Metadata.Values.Any(label => label.Contains(search, StringComparison.OrdinalIgnoreCase));

    private static string Word(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Letters[random.Next(Letters.Length)]));

    private static TenantDescriptor Tenant(string id, IReadOnlyList<string> domains, params string[] labels) => new()
    {
        Id = TenantId.Parse(id),
        Domains = domains,
        Metadata = labels.Select((label, number) => (label, number)).ToDictionary(pair => $"l{pair.number}", pair => pair.label),
        Created = Start,
        Updated = Start,
    };
}

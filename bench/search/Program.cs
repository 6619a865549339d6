using System.Diagnostics;
using System.Globalization;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;

// A search through the registry against a look at every text of each tenant, in turns: other programs disturb both alike.
// Usage: search [TENANTS]
const int Rounds = 15;
var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
var index = new TenantIndex();
for (var number = 0; number < count; number++)
{
    index.Apply(new TenantRecord(
        new TenantDescriptor
        {
            Id = TenantId.Parse($"bench-{number:D6}"),
            Domains = [$"shop-{number}.example.com"],
            Metadata = new Dictionary<string, string> { ["name"] = $"Customer {number * 7919L % count}" },
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
        },
        number + 1));
}

var tenants = index.List(new TenantQuery { PerPage = count }).Items;
foreach (var search in new[] { "customer 4711", "nobody has this", "example" })
{
    var query = new TenantQuery { Search = search, PerPage = 30, Page = 2 };
    var found = tenants.Count(tenant => IsFoundIn(tenant, search));
    var (plain, fast) = (new List<double>(), new List<double>());
    for (var round = 0; round < Rounds; round++)
    {
        plain.Add(Measure(() => tenants.Count(tenant => IsFoundIn(tenant, search)), found));
        fast.Add(Measure(() => index.List(query).TotalItems, found));
    }

    plain.Sort();
    fast.Sort();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{search}: {found} found; each tenant {plain[Rounds / 2]:0.00} ms, index {fast[Rounds / 2]:0.00} ms, {plain[Rounds / 2] / fast[Rounds / 2]:0.0} x"));
}

static double Measure(Func<int> search, int expected)
{
    var started = Stopwatch.GetTimestamp();
    var found = search();
    var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    return found == expected ? took : throw new InvalidOperationException($"{found} were found, not {expected}.");
}

static bool IsFoundIn(TenantDescriptor tenant, string search) =>
    tenant.Id.Value.Contains(search, StringComparison.OrdinalIgnoreCase)
    || tenant.Domains.Any(domain => domain.Contains(search, StringComparison.OrdinalIgnoreCase))
    || tenant.Metadata.Values.Any(label => label.Contains(search, StringComparison.OrdinalIgnoreCase));

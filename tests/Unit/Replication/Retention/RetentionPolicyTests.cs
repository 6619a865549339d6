using Platform.Replication.Maintenance;
using Platform.Replication.Restoring;
using Platform.Replication.Retention;
using Platform.Replication.Tests.Maintenance;

namespace Platform.Replication.Tests.Retention;

/// <summary>Retention of 10 hours, single transactions for one, a grace of 15 minutes.</summary>
public sealed class RetentionPolicyTests
{
    private static readonly UpkeepOptions Options = new()
    {
        Retention = TimeSpan.FromHours(10),
        TransactionRetention = TimeSpan.FromHours(1),
        TransactionsKept = 0,
        DeletionsMin = 1,
    };

    [Theory]
    [InlineData("nothing", "", "")]
    [InlineData("one snapshot stays for ever", "9/1-5@9000", "")]
    [InlineData("the newest and the one before stay", "0/1@9000 9/1-5@8000", "")]
    [InlineData("of three old ones the first goes", "0/1@9000 9/1-5@8000 9/1-9@7000", "0/1")]
    [InlineData("what the base holds goes", "0/1..7@9000 9/1-5@8000 9/1-9@7000", "0/1 0/2 0/3 0/4 0/5")]
    [InlineData("the base is before the retention", "0/1@9000 9/1-5@620 9/1-9@600 9/1-20@10", "0/1")]
    [InlineData("within the retention there is no base", "0/1@600 9/1-5@500 9/1-9@400", "")]
    [InlineData("the grace belongs to the retention", "0/1@9000 9/1-5@614 9/1-9@400", "")]
    [InlineData("at its end", "0/1@9000 9/1-5@615 9/1-9@400", "0/1")]
    [InlineData("a damaged snapshot is no base", "0/1@9000 9/1-5@8000! 9/1-9@7000", "")]
    [InlineData("merged, of an hour ago", "0/1@80 0/2..5@76 1/2-5@76 0/6@75", "0/2 0/3 0/4 0/5")]
    [InlineData("merged, but wanted one by one", "0/1@80 0/2..5@74 1/2-5@74", "")]
    [InlineData("merged into a file that is still wanted in parts", "0/1@80 0/2..5@78 0/6@74 1/2-6@74", "")]
    [InlineData("merged into a damaged file", "0/1@80 0/2..5@76 1/2-5@76!", "")]
    [InlineData("level 1 stays for the retention", "1/2-5@614 1/6-9@614 2/2-9@614", "")]
    [InlineData("and goes after it", "1/2-5@620 1/6-9@615 2/2-9@615", "1/2-5 1/6-9")]
    [InlineData("a snapshot replaces nothing within the retention", "0/1@80 0/2..5@76 9/1-5@76", "")]
    [InlineData(
        "the newest that is stored long enough replaces them",
        "0/1@590 1/2-60@20 9/1-3@580 9/1-5@579 9/1-9@578 9/1-40@12 9/1-60@11",
        "")]
    [InlineData(
        "snapshots close to others",
        "0/1@590 1/2-5@500 1/6-9@400 9/1-3@580 9/1-5@500 9/1-9@400 9/1-11@380 1/10-14@300 9/1-14@300 9/1-15@20 0/15@20",
        "")]
    public void Deletions_are_what_nobody_wants_any_more(string what, string files, string expected)
    {
        var actual = Files.Format(Find(files).Select(deletion => deletion.File));

        Assert.True(expected == actual, $"{what}: {actual}");
    }

    [Fact]
    public void Snapshots_close_to_others_go_when_the_files_between_them_give_what_they_gave()
    {
        const string Snapshots = "9/1-1@900 9/1-9@600 9/1-12@590 9/1-15@580 9/1-40@300 9/1-42@290 9/1-60@30 9/1-61@16";

        var thinned = Find("1/2-20@550 1/21-61@16 " + Snapshots);
        var kept = Find("1/2-11@600 1/21-61@16 " + Snapshots);

        Assert.Equal("9/1-12 9/1-15 9/1-42", Files.Format(thinned.Select(deletion => deletion.File)));
        Assert.Equal("", Files.Format(kept.Select(deletion => deletion.File)));
    }

    [Fact]
    public void Snapshots_go_also_while_new_ones_are_written_all_the_time()
    {
        const string Base = "9/1-1@900 1/2-70@1 9/1-9@600 ";

        var deletions = Find(Base + "9/1-12@40 9/1-15@30 9/1-20@20 9/1-30@10 9/1-60@1");

        Assert.Equal("9/1-15", Files.Format(deletions.Select(deletion => deletion.File)));
        Assert.Equal("9/1-20", Files.Format(deletions.Select(deletion => deletion.Replacement)));
    }

    [Fact]
    public void A_replacement_is_stored_long_enough_before_anything_goes()
    {
        var files = Files.Parse("0/1@9000 0/2..5@8000 1/2-5@8000 9/1-5@8000 9/1-9@7000");
        for (var minutes = 0; minutes <= 15; minutes += 5)
        {
            var recent = files
                .Select(file => file.Level > 0 ? file with { StoredAt = Files.Now - TimeSpan.FromMinutes(minutes) } : file)
                .ToArray();
            var deletions = RetentionPolicy.FindDeletions(recent, Files.Now, Files.UtcMilliseconds, Options);
            Assert.Equal(minutes >= 15, deletions.Count > 0);
        }
    }

    [Fact]
    public void A_quiet_tenant_keeps_its_single_transactions_for_all_of_the_retention()
    {
        const string Merged = "1/2-5@300 1/6-9@300 1/10-13@200 0/2..9@300 0/10..13@200";

        string Kept(int count) => Files.Format(RetentionPolicy.FindDeletions(
            Files.Parse(Merged), Files.Now, Files.UtcMilliseconds, Options with { TransactionsKept = count })
            .Select(deletion => deletion.File));

        Assert.Equal("", Kept(12));
        Assert.Equal("0/2 0/3 0/4 0/5", Kept(11));
        Assert.Equal("0/2 0/3 0/4 0/5", Kept(8));
        Assert.Equal("0/2 0/3 0/4 0/5 0/6 0/7 0/8 0/9", Kept(7));
    }

    [Fact]
    public void Few_deletions_wait_for_more_and_snapshots_count_for_a_quarter_of_them()
    {
        var rare = Options with { DeletionsMin = 8 };

        Assert.Empty(Find("0/1@80 0/2..8@76 1/2-8@76", rare));
        Assert.Equal(8, Find("0/1@80 0/2..9@76 1/2-9@76", rare).Count);
        Assert.Empty(Find("9/1-1@9000 9/1-2@9000 9/1-3@9000 9/1-5@8000 9/1-9@7000", rare));
        Assert.Equal(4, Find("9/1-1@9000 9/1-2@9000 9/1-3@9000 9/1-4@9000 9/1-5@8000 9/1-9@7000", rare).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_order_of_deletions_by_several_owners_loses_the_newest_state(int seed)
    {
        var random = new Random(seed);
        for (var life = 0; life < 200; life++)
        {
            var all = RandomFiles(random);
            var newest = all.Max(file => file.Max);
            var stored = all.ToHashSet();
            // Each owner knows only a part, from one moment, and deletes late, one by one, in any order.
            var orders = Enumerable.Range(0, 3).SelectMany(_ =>
                RetentionPolicy.FindDeletions(
                    [.. all.Where(_ => random.Next(4) > 0)], Files.Now, Files.UtcMilliseconds, Options)).ToArray();
            random.Shuffle(orders);
            foreach (var deletion in orders)
            {
                stored.Remove(deletion.File);
                var plan = RestorePlan.ToLatest(stored.Select(file => file.ToReplicaFile()));
                Assert.True(
                    plan.Reached == newest && plan.Gap is null,
                    $"seed {seed}: {Files.Format(all)} without {Files.Format(all.Except(stored))} reaches {plan.Reached}");
            }
        }
    }

    private static List<Deletion> Find(string files, UpkeepOptions? options = null) => RetentionPolicy.FindDeletions(
        Files.Parse(files), Files.Now, Files.UtcMilliseconds, options ?? Options);

    private static KnownFile[] RandomFiles(Random random)
    {
        var count = random.Next(5, 60);
        var words = new List<string>();
        string Age(int txid) => $"@{(count - txid + 1) * 40}";
        for (var txid = 1; txid <= count; txid++)
        {
            words.Add($"0/{txid}{Age(txid)}");
        }

        foreach (var level in new[] { 1, 2, 3 })
        {
            for (var first = 2; first < count;)
            {
                var last = Math.Min(count, first + random.Next(2, 4 * level * level));
                words.Add($"{level}/{first}-{last}{Age(last)}");
                first = random.Next(5) == 0 ? Math.Max(first, last - 2) : last + 1;
            }
        }

        for (var snapshot = random.Next(6); snapshot > 0; snapshot--)
        {
            var last = random.Next(1, count + 1);
            words.Add($"9/1-{last}{Age(last)}");
        }

        return [.. Files.Parse(string.Join(' ', words.Distinct()))];
    }
}

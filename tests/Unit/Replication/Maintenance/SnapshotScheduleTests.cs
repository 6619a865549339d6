using Platform.Replication.Maintenance;

namespace Platform.Replication.Tests.Maintenance;

public sealed class SnapshotScheduleTests
{
    private static readonly UpkeepOptions Options = new()
    {
        SnapshotInterval = TimeSpan.FromMinutes(15),
        SnapshotShare = 1,
        SnapshotBytesMin = 500,
        SnapshotFilesMax = 10,
        SnapshotDatabaseBytesMax = 1_000_000,
        Retention = TimeSpan.FromHours(10),
    };

    [Theory]
    [InlineData("nothing was shipped", "", false)]
    [InlineData("nothing to apply", "0/1@60*9000", false)]
    [InlineData("less than the snapshot", "9/1-5@60*9000 0/6..8*2999", false)]
    [InlineData("as much as the snapshot", "9/1-5@60*9000 0/6..8*3000", true)]
    [InlineData("too soon", "9/1-5@14*9000 0/6..8*3000", false)]
    [InlineData("a small database", "9/1-5@60*100 0/6..9*124", false)]
    [InlineData("a small database and much to apply", "9/1-5@60*100 0/6..9*125", true)]
    [InlineData("merging made it cheap", "9/1-5@60*9000 0/6..8*3000 1/6-8*3100", false)]
    [InlineData("many files", "9/1-5@60*9000 0/6..15", true)]
    [InlineData("many files, merged", "9/1-5@60*9000 0/6..15 1/6-14", false)]
    [InlineData("old, and nothing since", "9/1-5@9000*9000", false)]
    [InlineData("old, and a share of it since", "9/1-5@9000*8000 0/6*1000", true)]
    [InlineData("old, and little since", "9/1-5@9000*8000 0/6*999", false)]
    [InlineData("old, and many small files since", "9/1-5@9000*9000000 0/6..132*1 1/6-132*1 0/133*1", true)]
    [InlineData("a damaged file after it, at once", "9/1-5@1*9000 0/6!", true)]
    [InlineData("a damaged file before it", "9/1-5@60*9000 0/4! 0/6", false)]
    [InlineData("a damaged snapshot", "0/1@60*9000 9/1-5@1*9000!", true)]
    [InlineData("nothing but a damaged snapshot", "9/1-5@1*9000!", true)]
    public void A_snapshot_is_due_when_a_restore_would_take_too_much_on_top(string what, string files, bool expected)
    {
        var isDue = SnapshotSchedule.IsDue(
            Files.Parse(files), Files.Now, Files.UtcMilliseconds, databaseBytes: 50_000, Options);

        Assert.True(expected == isDue, what);
    }

    [Fact]
    public void A_huge_database_gets_none()
    {
        var files = Files.Parse("9/1-5@60*9000 0/6..8*3000");

        Assert.True(SnapshotSchedule.IsDue(files, Files.Now, Files.UtcMilliseconds, 1_000_000, Options));
        Assert.False(SnapshotSchedule.IsDue(files, Files.Now, Files.UtcMilliseconds, 1_000_001, Options));
    }
}

using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Replica;

/// <summary>
/// Litestream's own SQLite extension, unchanged from npm: reads a replica page by page, and restores it with every
/// checksum verified, by <c>tests/tools/verify_replica.py</c>.
/// </summary>
internal static class StockLitestream
{
    /// <summary>Runs each statement on the replica and compares its first value; the restore must pass as well.</summary>
    public static async Task AssertReadsAsync(IEnumerable<string> replica, params (string Sql, string Expected)[] checks)
    {
        var packages = await NodePackages.InstallAsync("tests/EndToEnd/Replica/litestream");
        var result = await Command.RunAsync(
            "python3",
            [
                RepositoryFolder.Path("tests/tools/verify_replica.py"),
                "--npm-dir", packages,
                .. replica,
                .. checks.SelectMany(check => new[] { "--sql", check.Sql, "--expect", check.Expected }),
            ]);
        Assert.True(result.ExitCode == 0, result.ToString());
    }
}

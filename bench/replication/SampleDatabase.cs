using System.Globalization;
using System.Text;
using SQLitePCL;

namespace Platform.Replication.Bench;

/// <summary>Pages of a SQLite database: people, each with an indexed address, a text and some JSON.</summary>
internal static class SampleDatabase
{
    private const int RowsPerTransaction = 2000;

    public static byte[] Build(int bytesMin, int pageSize)
    {
        var file = Path.Combine(Path.GetTempPath(), $"ltx-bench-{Environment.ProcessId}.db");
        Batteries_V2.Init();
        try
        {
            Fill(file, bytesMin, pageSize);
            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Fill(string file, int bytesMin, int pageSize)
    {
        Require(raw.sqlite3_open(file, out var database));
        using (database)
        {
            Execute(database, string.Create(CultureInfo.InvariantCulture, $"PRAGMA page_size={pageSize}"));
            Execute(database, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
            Execute(database, """
                CREATE TABLE people (
                    id TEXT PRIMARY KEY, email TEXT, name TEXT, about TEXT, data TEXT, created TEXT);
                CREATE INDEX people_email ON people (email);
                """);
            var random = new Random(42);
            var words = Words(random);
            Require(raw.sqlite3_prepare_v2(database, "INSERT INTO people VALUES (?, ?, ?, ?, ?, ?)", out var insert));
            using (insert)
            {
                for (var row = 0; new FileInfo(file).Length < bytesMin;)
                {
                    Execute(database, "BEGIN");
                    for (var end = row + RowsPerTransaction; row < end; row++)
                    {
                        Insert(insert, random, words, row);
                    }

                    Execute(database, "COMMIT");
                }
            }
        }
    }

    private static void Insert(sqlite3_stmt insert, Random random, string[] words, int row)
    {
        var (first, last) = (Pick(random, words), Pick(random, words));
        var about = new StringBuilder();
        for (var word = random.Next(10, 80); word > 0; word--)
        {
            about.Append(Pick(random, words)).Append(' ');
        }

        var number = row.ToString(CultureInfo.InvariantCulture);
        string[] values =
        [
            Convert.ToHexStringLower(BitConverter.GetBytes(random.NextInt64()))[..15],
            $"{first}.{last}{number}@example.org",
            $"{first} {last}",
            about.ToString(),
            $$"""{"city":"{{Pick(random, words)}}","visits":{{random.Next(1000)}},"tag":"{{Pick(random, words)}}"}""",
            DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000 + row).ToString("O", CultureInfo.InvariantCulture),
        ];
        for (var index = 0; index < values.Length; index++)
        {
            Require(raw.sqlite3_bind_text(insert, index + 1, values[index]));
        }

        _ = raw.sqlite3_step(insert);
        Require(raw.sqlite3_reset(insert));
    }

    /// <summary>Made-up words of 2 to 11 letters; <see cref="Pick"/> prefers the first, as language does.</summary>
    private static string[] Words(Random random) =>
        [.. Enumerable.Range(0, 4000).Select(_ => new string(
            [.. Enumerable.Range(0, random.Next(2, 12)).Select(_ => "etaoinshrdlucmfwypvbgk"[random.Next(22)])]))];

    private static string Pick(Random random, string[] words) =>
        words[(int)(words.Length * Math.Pow(random.NextDouble(), 3))];

    private static void Execute(sqlite3 database, string sql) => Require(raw.sqlite3_exec(database, sql));

    private static void Require(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new InvalidOperationException($"SQLite failed with code {code}.");
        }
    }
}

using Platform.TenantShard.Collections.Indexes;

namespace Platform.TenantShard.Tests.Collections.Indexes;

public sealed class IndexDefinitionTests
{
    [Theory]
    [InlineData("CREATE INDEX a ON t (x)", "CREATE INDEX `a` ON `t` (`x`)")]
    [InlineData("create unique index if not exists \"a\" on [t] ('x')", "CREATE UNIQUE INDEX `a` ON `t` ('x')")]
    [InlineData(
        "CREATE INDEX `main`.`a` ON `t` (x DESC, `y` COLLATE NOCASE ASC);",
        "CREATE INDEX `a` ON `t` (\n  `x` DESC,\n  `y` COLLATE NOCASE ASC\n)")]
    [InlineData(
        "CREATE UNIQUE INDEX a ON t (lower(x), json_extract(y, '$.a,b')) WHERE x != '' -- why",
        "CREATE UNIQUE INDEX `a` ON `t` (\n  lower(x),\n  json_extract(y, '$.a,b')\n) WHERE x != ''")]
    [InlineData("CREATE INDEX a /* ) */ ON t (\n\"active\"\n)", "CREATE INDEX `a` ON `t` (`active`)")]
    [InlineData("CREATE INDEX a ON t (x) WHERE y = ';)'", "CREATE INDEX `a` ON `t` (`x`) WHERE y = ';)'")]
    [InlineData("CREATE INDEX `a``b` ON t (x)", "CREATE INDEX `a``b` ON `t` (`x`)")]
    public void One_index_statement_is_understood(string text, string canonical)
    {
        Assert.Equal(canonical, IndexDefinition.Parse(text)?.ToSql());
    }

    [Theory]
    [InlineData("")]
    [InlineData("DROP TABLE t")]
    [InlineData("CREATE TABLE t (x)")]
    [InlineData("CREATE INDEX a ON t")]
    [InlineData("CREATE INDEX a ON t ()")]
    [InlineData("CREATE INDEX a ON t (x,)")]
    [InlineData("CREATE INDEX a ON t (x); DROP TABLE t")]
    [InlineData("CREATE INDEX a ON t (x) WHERE 1; DROP TABLE t")]
    [InlineData("CREATE INDEX a ON t (x); -- y\n DELETE FROM t")]
    [InlineData("CREATE INDEX a ON t (x;DROP TABLE t)")]
    [InlineData("CREATE INDEX a ON t (x) WHERE (1")]
    [InlineData("CREATE INDEX a ON t (x) WHERE 1) ")]
    [InlineData("CREATE INDEX a ON t (x")]
    [InlineData("CREATE INDEX a ON t ('x)")]
    [InlineData("CREATE INDEX a ON t (x) /* no end")]
    [InlineData("CREATE INDEX `` ON t (x)")]
    [InlineData("CREATE INDEX a ON t (x) WHERE")]
    [InlineData("CREATE INDEX a ON t (x) y")]
    public void Anything_else_is_not(string text)
    {
        Assert.Null(IndexDefinition.Parse(text));
    }

    [Fact]
    public void A_unique_index_over_one_column_is_recognised()
    {
        string[] indexes = ["CREATE UNIQUE INDEX a ON t (x, y)", "CREATE INDEX b ON t (y)", "CREATE UNIQUE INDEX c ON t (`Z`)"];

        Assert.True(IndexDefinition.HasUnique(indexes, "z"));
        Assert.False(IndexDefinition.HasUnique(indexes, "x"));
        Assert.False(IndexDefinition.HasUnique(indexes, "y"));
    }
}

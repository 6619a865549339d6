using System.Globalization;
using System.Text;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Sql;

/// <summary>Runs the statements of a query, one after the other, under the <see cref="SqlAuthorizer"/>.</summary>
internal sealed class SqlRun(DatabaseConnection connection)
{
    /// <summary>Rows of a result; the rest is left out.</summary>
    public const int RowsMax = 10_000;

    /// <summary>Characters of a result; the rest is left out.</summary>
    private const long CharactersMax = 8 << 20;

    /// <summary>Bytes of one value while a query runs: without it a query could ask for all of the node's memory.</summary>
    private const int ValueBytesMax = 32 << 20;

    private readonly SqlResult _result = new();
    private readonly List<(string Table, string Column)> _origins = [];
    private long _characters;

    /// <summary>True when no statement writes; then nothing was run.</summary>
    /// <exception cref="DatabaseException">A statement is not valid, or not allowed.</exception>
    public static bool IsReadOnly(DatabaseConnection connection, string query)
    {
        using var restriction = connection.Restrict(SqlAuthorizer.Decide, ValueBytesMax);
        for (var rest = query; !string.IsNullOrWhiteSpace(rest);)
        {
            using var statement = connection.PrepareNext(rest, out rest);
            if (statement is { IsReadOnly: false }) return false;
        }

        return true;
    }

    /// <exception cref="DatabaseException">A statement is not valid, not allowed, or failed.</exception>
    public SqlResult Run(string query)
    {
        using (connection.Restrict(SqlAuthorizer.Decide, ValueBytesMax))
        {
            for (var rest = query; !string.IsNullOrWhiteSpace(rest);)
            {
                using var statement = connection.PrepareNext(rest, out rest);
                if (statement is not null) Run(statement);
            }
        }

        for (var index = 0; index < _origins.Count; index++)
            if (IsNotNull(_origins[index]))
                _result.Columns[index] = _result.Columns[index] with { IsNullable = false };
        return _result;
    }

    private void Run(Statement statement)
    {
        _result.Columns.Clear();
        _result.Rows.Clear();
        _origins.Clear();
        _characters = 0;
        _result.IsTruncated = false;
        for (var column = 0; column < statement.ColumnCount; column++)
        {
            _result.Columns.Add(new SqlColumn(statement.ColumnName(column), statement.DeclaredType(column), true));
            _origins.Add((statement.OriginTable(column), statement.OriginColumn(column)));
        }

        while (statement.Step())
        {
            if (_result.Rows.Count == RowsMax || _characters > CharactersMax)
            {
                _result.IsTruncated = true;
                break;
            }

            _result.Rows.Add(ReadRow(statement));
        }

        if (!statement.IsReadOnly && statement.ColumnCount == 0) _result.AffectedRows += connection.Changes;
        else if (!statement.IsReadOnly) _result.AffectedRows += _result.Rows.Count;
    }

    private string?[] ReadRow(Statement statement)
    {
        var row = new string?[statement.ColumnCount];
        for (var column = 0; column < row.Length; column++)
        {
            if (_characters > CharactersMax)
            {
                // The values of one row alone may be more than fits.
                _result.IsTruncated = true;
                break;
            }

            row[column] = statement.Type(column) switch
            {
                ColumnType.Null => null,
                ColumnType.Integer => statement.Int64(column).ToString(CultureInfo.InvariantCulture),
                ColumnType.Real => statement.Double(column).ToString("R", CultureInfo.InvariantCulture),
                ColumnType.Blob => Convert.ToBase64String(statement.Utf8(column)),
                _ => Encoding.UTF8.GetString(statement.Utf8(column)),
            };
            _characters += row[column]?.Length ?? 0;
        }

        return row;
    }

    private bool IsNotNull((string Table, string Column) origin)
    {
        if (origin.Table.Length == 0) return false;
        using var row = connection.PrepareOnce("""SELECT "notnull" FROM pragma_table_info(?1) WHERE name = ?2""");
        row.BindText(1, origin.Table);
        row.BindText(2, origin.Column);
        return row.Step() && row.Int64(0) == 1;
    }
}

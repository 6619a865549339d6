using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>
/// A row that a path has reached: either of a table that the statement names, or the one row of a given id, whose
/// columns are read by scalar subqueries.
/// </summary>
internal sealed class RowReference
{
    private readonly string? _alias;
    private readonly SqlFragment? _id;

    private RowReference(Collection collection, string? alias, SqlFragment? id, Join? join, bool isCertain)
    {
        Collection = collection;
        _alias = alias;
        _id = id;
        Join = join;
        IsCertain = isCertain;
    }

    public Collection Collection { get; }

    /// <summary>The join that gives the row, or null.</summary>
    public Join? Join { get; }

    /// <summary>The row is there, so its NOT NULL columns are not null.</summary>
    public bool IsCertain { get; }

    public static RowReference Root(Collection collection) =>
        new(collection, collection.Name, id: null, join: null, isCertain: true);

    public static RowReference Joined(Collection collection, string alias, Join join) =>
        new(collection, alias, id: null, join, isCertain: false);

    public static RowReference ById(Collection collection, SqlFragment id, Join? join) =>
        new(collection, alias: null, id, join, isCertain: false);

    /// <summary>The same row, for a condition that stands where its join is open.</summary>
    public RowReference Detached() => new(Collection, _alias, _id, join: null, IsCertain);

    public SqlFragment Column(string name)
    {
        if (_alias is not null) return SqlFragment.Column(_alias, name);
        var table = SqlFragment.Name(Collection.Name);
        return SqlFragment.Of(
            $"(SELECT {SqlFragment.Column("r:1", name)} FROM {table} AS \"r:1\" WHERE \"r:1\".\"id\" = {_id!})");
    }

    /// <summary>True for a column that holds no null in this row. Columns of views may.</summary>
    public bool IsNeverNull(Field field) =>
        IsCertain && Collection.Type != CollectionType.View && field is not JsonField;

    public static ColumnAffinity AffinityOf(Field field) => field switch
    {
        NumberField or BoolField or JsonField or GeoPointField => ColumnAffinity.Numeric,
        _ => field.IsMultiple ? ColumnAffinity.Numeric : ColumnAffinity.Text,
    };
}

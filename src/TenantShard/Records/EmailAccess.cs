using System.Text;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary>
/// Who sees the e-mail addresses of an auth collection, whatever the records' flags say: superusers all, a record its
/// own, and whom the manage rule lets those of the records that it may manage.
/// </summary>
internal sealed class EmailAccess
{
    private static readonly EmailAccess All = new();

    private readonly byte[] _ownId = [];
    private readonly RowFilter? _manageRule;
    private readonly string _manageSql = "";

    private EmailAccess() => SeesAll = true;

    private EmailAccess(ApiContext context, Collection collection)
    {
        // A manage rule names who manages: guests are never meant.
        if (context.Auth is not { } auth) return;
        if (auth.Collection.Id == collection.Id) _ownId = Encoding.UTF8.GetBytes(auth.RecordId);
        if (CollectionPlan.For(collection).Auth?.ManageRule is not { Length: > 0 } rule) return;
        _manageRule = RowFilter.ForRule(context, collection, rule);
        var table = SqlName.Quote(collection.Name);
        _manageSql = $"SELECT 1 FROM {table} WHERE {table}.\"id\" = ?1 AND ({_manageRule.Where})";
    }

    public bool SeesAll { get; }

    /// <summary>True when the answer may need the database, with the schema that the rule was compiled for.</summary>
    public bool AsksRows => _manageRule is not null;

    /// <summary>Whether the address of the record with this id is seen without a look at any row.</summary>
    public bool IsSeen(ReadOnlySpan<byte> id) => SeesAll || (_ownId.Length > 0 && id.SequenceEqual(_ownId));

    /// <summary>For the identity that the request has now.</summary>
    public static EmailAccess Of(ApiContext context, Collection collection) =>
        collection.Type != CollectionType.Auth || context.IsSuperuser ? All : new EmailAccess(context, collection);

    /// <summary>Whether the address of the record with this id is seen.</summary>
    public bool IsSeen(DatabaseConnection connection, ReadOnlySpan<byte> id)
    {
        if (IsSeen(id)) return true;
        if (_manageRule is null) return false;
        using var row = connection.Prepare(_manageSql);
        row.BindText(1, id);
        _manageRule.Bind(row, 2);
        return row.Step();
    }
}

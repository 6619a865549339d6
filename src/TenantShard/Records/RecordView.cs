using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Expanding;
using Platform.TenantShard.Http;
using Platform.TenantShard.Projection;

namespace Platform.TenantShard.Records;

/// <summary>How a request wants its records shown: the <c>fields</c> and <c>expand</c> parameters.</summary>
internal sealed class RecordView : IExpandSource
{
    private readonly ApiContext _context;

    private RecordView(ApiContext context, FieldProjection? fields, ExpandPlan? expand)
    {
        _context = context;
        Fields = fields;
        Expand = expand;
    }

    public FieldProjection? Fields { get; }

    public ExpandPlan? Expand { get; }

    /// <summary>True when records are shown whole and alone.</summary>
    public bool IsPlain => Fields is null && Expand is null;

    /// <exception cref="Errors.ApiException">400 when a parameter is malformed or beyond its limits.</exception>
    public static RecordView Read(ApiContext context, Collection collection, string fields, string expand) => new(
        context,
        FieldProjection.Parse(fields),
        ExpandPlan.Parse(context.Schema, collection, expand, context.IsSuperuser, ExpandLimits.Default));

    /// <summary>The same from the query string of the request.</summary>
    public static RecordView Read(ApiContext context, Collection collection)
    {
        var query = context.Http.Request.QueryString;
        return query.HasValue
            ? Read(
                context, collection, QueryParameters.Read(query, "fields") ?? "",
                QueryParameters.Read(query, "expand") ?? "")
            : new RecordView(context, fields: null, expand: null);
    }

    /// <summary>For a part of an answer: of <c>fields</c>, what stands below <paramref name="member"/>.</summary>
    public RecordView Below(string member) => new(_context, Fields?.Child(member), Expand);

    /// <summary>Collects records whose relations are shown. Dispose the context after the last is written.</summary>
    public ExpandPage NewPage(Collection collection, out ExpandContext expanding)
    {
        expanding = new ExpandContext(
            this, _context.Request, _context.Shard.Clock, ExpandLimits.Default, JsonBuffer.WriterOptions);
        return new ExpandPage(expanding, collection, Expand ?? ExpandPlan.Nothing, Fields);
    }

    public string SelectSql(Collection collection) => Shape(collection).SelectSql;

    public int ColumnOf(Collection collection, string field) => Shape(collection).ColumnOf(field);

    public void Write(Utf8JsonWriter writer, Collection collection, Statement row, FieldProjection? fields)
    {
        var shape = Shape(collection);
        var access = _context.EmailAccessTo(collection);
        var seesEmail = access.SeesAll || access.IsSeen(row.Connection, row.Utf8(shape.IdColumn));
        shape.Write(writer, row, seesEmail, fields);
    }

    private RecordShape Shape(Collection collection) => CollectionPlan.For(collection).ShapeFor(_context.IsSuperuser);
}

using System.Security.Cryptography;
using System.Text.Json;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Collections.Views;

/// <summary>
/// <c>POST /api/collections/meta/dry-run-view</c>, for superusers: the fields that a view of a query would have, and
/// some of its records. Reads only.
/// </summary>
internal static class DryRunView
{
    private const string Failure = "Invalid view query.";
    private const int SampleRows = 10;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static void Map(RouteTable routes) =>
        routes.Map("POST", "/api/collections/meta/dry-run-view", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var form = new FormReader(await context.ReadBodyAsync());
        var query = form.Text("query", CollectionLimits.ViewQueryLength);
        form.ThrowIfAny();
        var buffer = JsonBufferPool.Rent(context.Memory);
        try
        {
            await context.Shard.ReadAsync(
                (query, buffer), static (scope, state) => Write(scope, state.query, state.buffer), context.Aborted);
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }

    private static bool Write(ReadScope scope, string query, JsonBuffer buffer)
    {
        var errors = new FieldErrorTree();
        var fields = new ViewFields(scope.Connection, scope.Schema).Derive(query, errors);
        if (!errors.IsEmpty) throw ApiException.BadRequest($"{Failure} Raw error: {Reason(errors)}");
        var name = "temp_view_" + RandomNumberGenerator.GetString(Alphabet, 5);
        var view = new Collection
        {
            Id = GeneratedId.ForCollection("view", name),
            Name = name,
            Type = CollectionType.View,
            Fields = fields,
            Options = ViewOptions.ToOptions(query),
            Created = "",
            Updated = "",
        };
        var writer = buffer.Writer;
        writer.WriteStartObject();
        writer.WritePropertyName("fields"u8);
        FieldJsonWriter.Write(writer, fields);
        writer.WriteStartArray("sample"u8);
        WriteSample(scope.Connection, view, query, writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
        return true;
    }

    private static void WriteSample(DatabaseConnection connection, Collection view, string query, Utf8JsonWriter writer)
    {
        // A common table expression stands for the view, which does not exist.
        var shape = CollectionPlan.For(view).Superuser;
        var sql = $"WITH {SqlName.Quote(view.Name)} AS ({ViewQuery.Trim(query)}\n) {shape.SelectSql} LIMIT {SampleRows}";
        try
        {
            using var rows = connection.PrepareOnce(sql);
            while (rows.Step()) shape.Write(writer, rows, seesEmail: true, fields: null);
        }
        catch (DatabaseException fault) when (!fault.IsLocalFault && !fault.IsInterrupted)
        {
            // SQLite's words name only what the author of the query wrote.
            throw new ApiException(400, $"{Failure} Raw error: {fault.Reason}", cause: fault);
        }
    }

    private static string Reason(FieldErrorTree errors)
    {
        foreach (var error in errors.ToData().Values) return error.Message;
        return "";
    }
}

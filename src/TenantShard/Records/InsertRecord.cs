using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Events;
using Platform.TenantShard.Files;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records.Codecs;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>
/// Inserts a complete record. The create rule is tested against the inserted row, inside the command's savepoint: a
/// rule may compare any field, and a refusal leaves nothing.
/// </summary>
internal sealed class InsertRecord(RecordInput input, RowFilter? rule, RowFilter? manageRule)
    : WriteCommand<bool>
{
    public override bool Execute(WriteScope scope)
    {
        ApiContext.RequireSame(scope.Schema, input.Plan.Collection, rule);
        Insert(scope.Connection);
        if (rule is not null && !Meets(scope.Connection, rule)) throw Refused();
        if (manageRule is not null && !Meets(scope.Connection, manageRule)) throw NotManaged();
        RelationCheck.Run(scope.Reading, input.Plan, input.Values, before: null)?.ThrowIfAny(CreateRecord.Refusal);
        if (input.Uploads.Count > 0) RecordFiles.Count(scope, input.Plan, input.Values, input.Uploads);
        if (scope.IsObserved) scope.Changed(RecordEvent.Created(input.Plan, input.Values));
        return true;
    }

    private static ApiException Refused() => ApiException.BadRequest(CreateRecord.Refusal);

    private static ApiException NotManaged()
    {
        var (code, message) = FieldErrors.Mismatch;
        return ApiException.BadField(CreateRecord.Refusal, "verified", code, message);
    }

    private void Insert(DatabaseConnection connection)
    {
        using var statement = connection.Prepare(input.Plan.InsertSql);
        for (var column = 0; column < input.Plan.Codecs.Length; column++)
            input.Values.Bind(statement, column + 1, column);
        try
        {
            statement.Run();
        }
        catch (DatabaseException error) when (error.IsUniqueViolation)
        {
            if (rule is not null && !CandidateRow.Meets(connection, input, rule)) throw Refused();
            throw UniqueViolation.Explain(error, input.Plan.Collection, CreateRecord.Refusal);
        }
    }

    private bool Meets(DatabaseConnection connection, RowFilter filter)
    {
        var table = SqlName.Quote(input.Plan.Collection.Name);
        using var row = connection.Prepare($"SELECT 1 FROM {table} WHERE {table}.\"id\" = ?1 AND ({filter.Where})");
        row.BindText(1, input.Values.Utf8(input.Plan.IdColumn));
        filter.Bind(row, 2);
        return row.Step();
    }
}

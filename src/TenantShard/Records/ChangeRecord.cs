using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Events;
using Platform.TenantShard.Files;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records.Codecs;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>
/// Updates one record: the update rule is tested against the row before the change; the answer is all values after it.
/// </summary>
internal sealed class ChangeRecord(
    RecordInput input,
    string id,
    RowFilter? rule,
    RecordValues? resolved,
    CredentialChange? credentials,
    DateTimeOffset now)
    : WriteCommand<RecordValues>
{
    private readonly CollectionPlan _plan = input.Plan;

    public override RecordValues Execute(WriteScope scope)
    {
        ApiContext.RequireSame(scope.Schema, _plan.Collection, rule);
        var before = Read(scope.Connection) ?? throw ApiException.NotFound();
        RequireResolved(before);
        var errors = input.Errors.Copy();
        var after = Merge(before, errors, out var changed);
        credentials?.Apply(scope, id, before, after, errors, ref changed);
        Check(before, after, errors);
        RelationCheck.Run(scope.Reading, _plan, after, before, errors);
        errors.ThrowIfAny(UpdateRecord.Refusal);
        if (changed != 0) Update(scope.Connection, after, changed);
        foreach (var name in LostFiles(before, after)) scope.RemoveFiles(FileKeys.FolderOf(_plan.Collection.Id, id), name);
        if (input.Uploads.Count > 0) RecordFiles.Count(scope, _plan, after, input.Uploads);
        if (scope.IsObserved) scope.Changed(RecordEvent.Updated(_plan, before, after));
        return after;
    }

    /// <summary>
    /// Refuses what <see cref="Execute"/> would refuse for its rule or its values, without writing.
    /// </summary>
    public bool Test(ReadScope scope)
    {
        ApiContext.RequireSame(scope.Schema, _plan.Collection, rule);
        var before = Read(scope.Connection) ?? throw ApiException.NotFound();
        RequireResolved(before);
        var errors = input.Errors.Copy();
        var after = Merge(before, errors, out _);
        Check(before, after, errors);
        RelationCheck.Run(scope, _plan, after, before, errors);
        errors.ThrowIfAny(UpdateRecord.Refusal);
        return true;
    }

    private IEnumerable<string> LostFiles(RecordValues before, RecordValues after) =>
        Array.Exists(_plan.FileColumns, column => !before.HasSame(after, column))
            ? RecordFiles.NamesOf(_plan, before).Except(RecordFiles.NamesOf(_plan, after), StringComparer.Ordinal)
            : [];

    private RecordValues? Read(DatabaseConnection connection)
    {
        var sql = rule is null ? _plan.Full.ViewSql : $"{_plan.Full.ViewSql} AND ({rule.Where})";
        using var row = connection.Prepare(sql);
        row.BindText(1, id);
        rule?.Bind(row, 2);
        return row.Step() ? _plan.ReadRow(row) : null;
    }

    /// <summary>The rule was compiled for modifiers of these values; of others, it may have to say no.</summary>
    private void RequireResolved(RecordValues before)
    {
        if (resolved is null) return;
        foreach (var modifier in input.Modifiers)
            if (!before.HasSame(resolved, modifier.Column)) throw new SchemaChangedException();
    }

    private RecordValues Merge(RecordValues before, RecordErrors errors, out ulong changed)
    {
        changed = 0;
        var after = before.Copy();
        for (var column = 0; column < _plan.Codecs.Length; column++)
        {
            if (_plan.Codecs[column] is AutodateCodec { IsSetOnUpdate: true })
                DateText.Write(now, after.ReserveText(column, DateText.Length));
            else if (input.Values.IsSet(column))
                after.Set(column, input.Values[column]);
            else
                continue;
            changed = _plan.Mark(changed, column);
        }

        foreach (var modifier in input.Modifiers)
        {
            modifier.Apply(_plan, after);
            changed = _plan.Mark(changed, modifier.Column);
        }

        if (!after.Utf8(_plan.IdColumn).SequenceEqual(before.Utf8(_plan.IdColumn)))
            errors.Add("id", FieldErrors.FixedId);
        return after;
    }

    private void Check(RecordValues before, RecordValues after, RecordErrors errors)
    {
        FileCheck.Run(_plan, input.Uploads, before, after, errors);
        for (var column = 0; column < _plan.Codecs.Length; column++)
        {
            // The id is what it was; an old one may not keep a pattern that was set later.
            if (column == _plan.IdColumn) continue;
            var codec = _plan.Codecs[column];
            if (!errors.Has(codec.Field.Name) && codec.Check(after, column) is { } error)
                errors.Add(codec.Field.Name, error);
        }
    }

    private void Update(DatabaseConnection connection, RecordValues after, ulong changed)
    {
        using var statement = connection.Prepare(_plan.UpdateSql(changed));
        var parameter = 1;
        for (var column = 0; column < _plan.Codecs.Length; column++)
            if (_plan.IsChanged(changed, column)) after.Bind(statement, parameter++, column);
        statement.BindText(parameter, id);
        try
        {
            statement.Run();
        }
        catch (DatabaseException error) when (error.IsUniqueViolation)
        {
            throw UniqueViolation.Explain(error, _plan.Collection, UpdateRecord.Refusal);
        }
    }
}

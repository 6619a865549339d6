using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Sql;

/// <summary>A query that writes: all of its statements, or none. It may change collections behind their own tables.</summary>
internal sealed class RunSql(string query) : WriteCommand<SqlResult>
{
    public override SqlResult Execute(WriteScope scope)
    {
        var result = new SqlRun(scope.Connection).Run(query);
        try
        {
            scope.ReplaceSchema(SchemaLoader.Load(scope.Connection));
        }
        catch (Exception damage) when (damage is not Database.DatabaseException)
        {
            throw new ApiException(
                400, SqlEndpoint.Failure + "the collections could not be read any more; nothing was changed.",
                cause: damage);
        }

        return result;
    }
}

using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Records;

/// <summary>Names the fields of a unique index that a write broke.</summary>
internal static class UniqueViolation
{
    public static ApiException Explain(DatabaseException error, Collection collection, string message)
    {
        var errors = new RecordErrors();
        foreach (var field in collection.Fields)
        {
            if (Names(error.Reason, collection.Name, field.Name))
                errors.Add(field.Name, field.Name == "id" ? FieldErrors.InvalidId : FieldErrors.NotUnique);
        }

        return new ApiException(400, message, errors.ToException(message).FieldErrors, error);
    }

    /// <summary>
    /// SQLite has no other way to tell the columns than its text, "UNIQUE constraint failed: posts.title, posts.slug";
    /// an index on expressions names itself instead, and then no field is blamed.
    /// </summary>
    private static bool Names(string reason, string table, string column)
    {
        var name = $"{table}.{column}";
        for (var start = 0; (start = reason.IndexOf(name, start, StringComparison.OrdinalIgnoreCase)) >= 0; start++)
        {
            var end = start + name.Length;
            if ((end == reason.Length || reason[end] == ',') && (start == 0 || reason[start - 1] == ' ')) return true;
        }

        return false;
    }
}

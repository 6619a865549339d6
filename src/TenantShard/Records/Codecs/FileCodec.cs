using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>
/// Names of the record's files. JSON can only keep or remove names; files themselves come as form data.
/// </summary>
internal sealed class FileCodec(FileField field) : ValueListCodec(field, field.IsMultiple)
{
    public override FieldError? Check(RecordValues values, int column)
    {
        // What the names stand for is checked by the command, which knows the files.
        var isEmpty = values.Utf8(column) is [] or [(byte)'[', (byte)']'];
        return isEmpty && field.IsRequired ? FieldErrors.Required : null;
    }
}

using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>HTML text.</summary>
internal sealed class EditorCodec(EditorField field) : FieldCodec(field)
{
    public override FieldError? Check(RecordValues values, int column)
    {
        var max = field.MaxSize > 0 ? field.MaxSize : EditorField.DefaultMaxSize;
        return values.Utf8(column).Length > max ? FieldErrors.ContentSize(max) : base.Check(values, column);
    }
}

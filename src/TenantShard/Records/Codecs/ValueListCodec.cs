using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>A field of one value, or of several that are kept as a JSON array.</summary>
internal abstract class ValueListCodec(Field field, bool isMultiple) : FieldCodec(field)
{
    protected bool IsMultiple => isMultiple;

    public sealed override FieldError? Cast(JsonElement value, RecordValues target, int column)
    {
        var values = new List<string>();
        if (ValueList.Read(value, values) is { } error) return error;
        ValueList.Store(values, isMultiple, target, column);
        return null;
    }

    public sealed override void SetZero(RecordValues target, int column) =>
        target.SetText(column, isMultiple ? "[]"u8 : ""u8);

    public sealed override void Write(Utf8JsonWriter writer, ColumnValue value) =>
        ValueList.Write(writer, value.Utf8, isMultiple);
}

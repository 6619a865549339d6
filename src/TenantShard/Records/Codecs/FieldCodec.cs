using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>
/// How the values of one field come in, are checked, stored and shown. One for each field of a
/// <see cref="CollectionPlan"/>; immutable, shared by all requests. What is not overridden treats the value as text.
/// </summary>
internal abstract class FieldCodec(Field field)
{
    public Field Field { get; } = field;

    /// <summary>
    /// True when the column is shown as its text, so that a reader need not ask for its storage class.
    /// </summary>
    public virtual bool IsText => true;

    /// <summary>Takes the value of a request, as PocketBase casts it; null is the field's zero value.</summary>
    /// <returns>Why the value cannot be of this type; null when it is taken.</returns>
    public virtual FieldError? Cast(JsonElement value, RecordValues target, int column) =>
        TextCast.Cast(value, target, column);

    public virtual void SetZero(RecordValues target, int column) => target.SetText(column, ReadOnlySpan<byte>.Empty);

    /// <summary>
    /// Checks a cast value against the field's options; what needs the database is checked by the command.
    /// </summary>
    public virtual FieldError? Check(RecordValues values, int column) =>
        Field.IsRequired && values.Utf8(column).IsEmpty ? FieldErrors.Required : null;

    public virtual void Write(Utf8JsonWriter writer, ColumnValue value) => writer.WriteStringValue(value.Utf8);
}

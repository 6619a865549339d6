using System.Buffers.Text;
using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>A 64-bit floating-point number; whole numbers are stored as integers, as SQLite's affinity would.</summary>
internal sealed class NumberCodec(NumberField field) : FieldCodec(field)
{
    /// <summary>Whole numbers up to here are exact as doubles (2^53).</summary>
    private const double ExactMax = 9007199254740992;

    /// <summary>The first whole number that no 64-bit integer holds (2^63).</summary>
    private const double IntegerEnd = 9223372036854775808;

    public override bool IsText => false;

    public override FieldError? Cast(JsonElement value, RecordValues target, int column)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number):
                Set(target, column, number);
                return null;
            case JsonValueKind.True:
                target.SetInteger(column, 1);
                return null;
            case JsonValueKind.Number:
                return FieldErrors.WrongType;
            case JsonValueKind.String when TextCast.TryRead(value, out var text):
                var parsed = NumberText.Parse(text);
                if (!double.IsFinite(parsed)) return FieldErrors.WrongType;
                Set(target, column, parsed);
                return null;
            default:
                // PocketBase takes for 0 whatever is no number.
                target.SetInteger(column, 0);
                return null;
        }
    }

    public override void SetZero(RecordValues target, int column) => target.SetInteger(column, 0);

    public override FieldError? Check(RecordValues values, int column)
    {
        var number = Read(values[column]);
        // Zero is "not set": PocketBase lets an optional field stay so, whatever its limits.
        if (number == 0) return field.IsRequired ? FieldErrors.Required : null;
        if (field.IsIntegerOnly && !IsInteger(number)) return FieldErrors.OnlyInteger;
        if (number < field.Min) return FieldErrors.TooSmall(field.Min.Value);
        return number > field.Max ? FieldErrors.TooLarge(field.Max.Value) : null;
    }

    public override void Write(Utf8JsonWriter writer, ColumnValue value)
    {
        if (value.Type == ColumnType.Integer) writer.WriteNumberValue(value.Integer);
        else writer.WriteNumberValue(Read(value));
    }

    /// <summary>The number of a stored value; text of an imported database is parsed, anything else is zero.</summary>
    public static double Read(ColumnValue value) => value.Type switch
    {
        ColumnType.Integer => value.Integer,
        ColumnType.Real => double.IsFinite(value.Real) ? value.Real : 0,
        ColumnType.Text when Utf8Parser.TryParse(value.Utf8, out double number, out var used)
            && used == value.Utf8.Length && double.IsFinite(number) => number,
        _ => 0,
    };

    public static void Set(RecordValues target, int column, double number)
    {
        if (Math.Abs(number) <= ExactMax && number == Math.Floor(number)) target.SetInteger(column, (long)number);
        else target.SetReal(column, number);
    }

    private static bool IsInteger(double number) => number == Math.Floor(number) && Math.Abs(number) < IntegerEnd;
}

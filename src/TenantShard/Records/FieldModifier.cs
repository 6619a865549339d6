using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Records;

/// <summary>
/// A member that changes a field relative to its value: <c>count+</c>, <c>count-</c>, <c>tags+</c> (append),
/// <c>+tags</c> (prepend), <c>tags-</c> (remove), <c>title:autogenerate</c>.
/// </summary>
internal sealed class FieldModifier
{
    private const string Autogenerate = ":autogenerate";

    private readonly List<string> _values = [];
    private double _number;
    private string _text = "";

    private FieldModifier(string member, int column, FieldModifierKind kind)
    {
        Member = member;
        Column = column;
        Kind = kind;
    }

    /// <summary>Its name in the body.</summary>
    public string Member { get; }

    public int Column { get; }

    private FieldModifierKind Kind { get; }

    /// <summary>The modifier that a member is; null when it is none, or when its value is refused.</summary>
    public static FieldModifier? TryParse(
        CollectionPlan plan, JsonProperty member, bool isSuperuser, RecordErrors errors)
    {
        var name = member.Name;
        var (field, kind) = Split(name);
        if (kind == FieldModifierKind.None) return null;
        var column = plan.Find(field);
        if (column < 0 || (plan.Codecs[column].Field.IsHidden && !isSuperuser)) return null;
        var modifier = new FieldModifier(name, column, kind);
        if (!modifier.Supports(plan.Codecs[column].Field)) return null;
        if (modifier.Read(plan.Codecs[column], member.Value) is not { } error) return modifier;
        errors.Add(field, error);
        return null;
    }

    /// <summary>Applies the change to the value that <paramref name="values"/> has.</summary>
    public void Apply(CollectionPlan plan, RecordValues values)
    {
        var field = plan.Codecs[Column].Field;
        switch (field)
        {
            case NumberField:
                var sign = Kind == FieldModifierKind.Remove ? -1 : 1;
                NumberCodec.Set(values, Column, NumberCodec.Read(values[Column]) + (sign * _number));
                break;
            case TextField text:
                values.SetText(Column, _text + GeneratedText.From(text.AutogeneratePattern));
                break;
            default:
                ValueList.Store(Merge(ValueList.ReadColumn(values.Utf8(Column))), field.IsMultiple, values, Column);
                break;
        }
    }

    private static (string Field, FieldModifierKind Kind) Split(string name)
    {
        if (name.EndsWith('+')) return (name[..^1], FieldModifierKind.Append);
        if (name.EndsWith('-')) return (name[..^1], FieldModifierKind.Remove);
        if (name.StartsWith('+')) return (name[1..], FieldModifierKind.Prepend);
        return name.EndsWith(Autogenerate, StringComparison.Ordinal)
            ? (name[..^Autogenerate.Length], FieldModifierKind.Autogenerate)
            : (name, FieldModifierKind.None);
    }

    private bool Supports(Field field) => field switch
    {
        NumberField => Kind is FieldModifierKind.Append or FieldModifierKind.Remove,
        TextField text => Kind == FieldModifierKind.Autogenerate && text.AutogeneratePattern.Length > 0,
        SelectField or RelationField or FileField => Kind != FieldModifierKind.Autogenerate,
        _ => false,
    };

    private FieldError? Read(FieldCodec codec, JsonElement value)
    {
        switch (codec)
        {
            case NumberCodec number:
                var amount = new RecordValues(1, 0);
                if (number.Cast(value, amount, 0) is { } error) return error;
                _number = NumberCodec.Read(amount[0]);
                return null;
            case TextCodec:
                if (value.ValueKind == JsonValueKind.String && !TextCast.TryRead(value, out _text))
                    return FieldErrors.WrongType;
                return null;
            default:
                return ValueList.Read(value, _values);
        }
    }

    private List<string> Merge(List<string> current)
    {
        if (Kind == FieldModifierKind.Remove)
        {
            current.RemoveAll(_values.Contains);
            return current;
        }

        var (first, second) = Kind == FieldModifierKind.Prepend ? (_values, current) : (current, _values);
        var merged = new List<string>(first);
        foreach (var value in second) ValueList.Add(merged, value);
        return merged;
    }
}

using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Records;

/// <summary>Completes the values of a record that is about to be created.</summary>
internal static class NewRecord
{
    /// <summary>Gives every column that was not sent its value: an id, a date, a generated text, or zero.</summary>
    public static void Complete(RecordInput input, DateTimeOffset now)
    {
        Complete(input.Plan, input.Values, now);
        foreach (var modifier in input.Modifiers) modifier.Apply(input.Plan, input.Values);
    }

    /// <summary>The same for values of the platform's own.</summary>
    public static void Complete(CollectionPlan plan, RecordValues values, DateTimeOffset now)
    {
        for (var column = 0; column < plan.Codecs.Length; column++)
        {
            switch (plan.Codecs[column])
            {
                case AutodateCodec { IsSetOnCreate: true }:
                    DateText.Write(now, values.ReserveText(column, DateText.Length));
                    break;
                case TextCodec { Field: TextField { AutogeneratePattern.Length: > 0 } text }
                    when values.Utf8(column).IsEmpty:
                    Generate(text.AutogeneratePattern, values, column);
                    break;
                case TextCodec { Field: TextField { IsPrimaryKey: true } } when values.Utf8(column).IsEmpty:
                    Generate(GeneratedText.IdPattern, values, column);
                    break;
                case TextCodec { Field.Name: "tokenKey" } when plan.Auth is not null && values.Utf8(column).IsEmpty:
                    Generate(GeneratedText.TokenKeyPattern, values, column);
                    break;
                case var codec when !values.IsSet(column):
                    codec.SetZero(values, column);
                    break;
            }
        }
    }

    private static void Generate(string pattern, RecordValues values, int column)
    {
        if (pattern == GeneratedText.IdPattern)
            GeneratedText.FillId(values.ReserveText(column, GeneratedText.IdLength));
        else
            values.SetText(column, GeneratedText.From(pattern));
    }
}

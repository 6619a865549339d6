using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>A moment that the engine sets; what a client sends is ignored.</summary>
internal sealed class AutodateCodec(AutodateField field) : FieldCodec(field)
{
    public bool IsSetOnCreate => @field.OnCreate;

    public bool IsSetOnUpdate => @field.OnUpdate;

    public override FieldError? Cast(JsonElement value, RecordValues target, int column) => null;

    public override FieldError? Check(RecordValues values, int column) => null;
}

using Platform.TenantShard.Http;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Records;

/// <summary>Hashes what was sent for password fields that nobody logs in with.</summary>
internal static class FieldSecrets
{
    /// <summary>Puts the hashes among the values, before the write is queued.</summary>
    public static async Task HashAsync(ApiContext context, RecordInput input)
    {
        foreach (var (column, text) in input.Secrets)
        {
            var codec = (PasswordCodec)input.Plan.Codecs[column];
            input.Values.SetText(
                column, await context.HashPasswordAsync(text, codec.Cost));
        }
    }
}

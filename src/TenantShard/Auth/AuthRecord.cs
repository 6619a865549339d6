using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Auth;

/// <summary>A record of an auth collection with all its columns, secrets included.</summary>
internal sealed class AuthRecord(CollectionPlan plan, RecordValues values)
{
    public CollectionPlan Plan { get; } = plan;

    public RecordValues Values { get; } = values;

    public string Id => Text("id");

    public string Email => Text("email");

    public string TokenKey => Text("tokenKey");

    public string PasswordHash => Text("password");

    public bool IsVerified => Plan.Find("verified") is >= 0 and var column && BoolCodec.IsTrue(Values[column]);

    private string Text(string field) => Plan.Find(field) is >= 0 and var column ? Values.Text(column) : "";
}

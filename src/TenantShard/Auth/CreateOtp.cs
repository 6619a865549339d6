using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth;

/// <summary>Stores a one-time password; expired ones of the collection go.</summary>
internal sealed class CreateOtp(AuthRecord record, string id, string hash, DateTimeOffset now) : WriteCommand<bool>
{
    /// <summary>Passwords of one record that are good at the same time.</summary>
    private const int RecentMax = 10;

    public override bool Execute(WriteScope scope)
    {
        var collection = record.Plan.Collection.Id;
        ObservedRows.Delete(
            scope, SystemCollections.Otps, "collectionRef = ?1 AND created <= ?2",
            collection, StoredDate.Format(now.AddSeconds(-record.Plan.Auth!.Otp.DurationSeconds)));
        using (var recent = scope.Connection.Prepare(
            "SELECT count(*) FROM _otps WHERE collectionRef = ?1 AND recordRef = ?2"))
        {
            recent.BindText(1, collection);
            recent.BindText(2, record.Id);
            if (recent.Step() && recent.Int64(0) >= RecentMax)
                throw new ApiException(429, "Too many one-time passwords were sent. Try again later.")
                {
                    RetryAfterSeconds = 60,
                };
        }

        using var insert = scope.Connection.Prepare("""
            INSERT INTO _otps (id, collectionRef, recordRef, password, sentTo, created, updated)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
            """);
        insert.BindText(1, id);
        insert.BindText(2, collection);
        insert.BindText(3, record.Id);
        insert.BindText(4, hash);
        insert.BindText(5, record.Email);
        insert.BindText(6, StoredDate.Format(now));
        insert.Run();
        ObservedRows.Created(scope, SystemCollections.Otps, id);
        return true;
    }
}

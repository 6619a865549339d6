using System.Globalization;
using Microsoft.AspNetCore.Http;
using Platform.Cluster.Http;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Replication.Ltx;
using Platform.Replication.Restoring;
using Platform.TenantShard.Hosting.Recovery;

namespace Platform.Cluster.Recovery;

/// <summary>Reads and checks what recovery is asked: every mistake at its field, all at once.</summary>
internal sealed class RecoveryRequests(TimeProvider time, int bodyBytesMax)
{
    /// <summary>Each entry of a history costs a small read of object storage.</summary>
    public const int HistoryPerPageMax = 200;

    private static readonly string[] HistoryNames = ["page", "perPage", "snapshots"];

    /// <summary>RFC 3339, whose section 5.6 allows a space for the T.</summary>
    private static readonly string[] MomentFormats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK"];

    /// <summary><c>{"at"|"txid", "into"?, "secrets"?}</c></summary>
    public Task<(StateRequest? Request, ApiProblem? Problem)> ReadRewindAsync(HttpContext context, TenantId source) =>
        ReadAsync(context, ["at", "txid", "into", "secrets"], fields =>
        {
            if (fields.Has("secrets") && !fields.Has("into"))
                fields.Refuse("secrets", "validation_ambiguous", "Is for a tenant that is made: give into as well.");
            if (!fields.Has("at") && !fields.Has("txid"))
                fields.Refuse("at", "validation_required", "Give the moment (at) or the transaction (txid) of then.");
            return Into(fields, source);
        });

    /// <summary><c>{"into", "secrets"?}</c></summary>
    public Task<(StateRequest? Request, ApiProblem? Problem)> ReadCloneAsync(HttpContext context, TenantId source) =>
        ReadAsync(context, ["into", "secrets"], fields =>
        {
            if (string.IsNullOrEmpty(fields.Text("into")))
                fields.Refuse("into", "validation_required", "Give the id of the new tenant.");
            return Into(fields, source);
        });

    /// <summary><c>{"name"?, "at"|"txid"?}</c></summary>
    public Task<(StateRequest? Request, ApiProblem? Problem)> ReadBackupAsync(HttpContext context) =>
        ReadAsync(context, ["name", "at", "txid"], static _ => null);

    /// <summary>The pages and the choice of a history.</summary>
    public static (int Page, int PerPage, bool IsSnapshotsOnly, ApiProblem? Problem) ReadHistory(IQueryCollection query)
    {
        var fields = new QueryFields(query, HistoryNames);
        var (page, perPage) = fields.Page(HistoryPerPageMax);
        var isSnapshotsOnly = fields.Flag("snapshots");
        return (page, perPage, isSnapshotsOnly, fields.Problem);
    }

    private async Task<(StateRequest? Request, ApiProblem? Problem)> ReadAsync(
        HttpContext context, string[] known, Func<JsonFields, TenantId?> readInto)
    {
        var (document, problem) = await JsonBody.ReadAsync(context, bodyBytesMax);
        if (document is null) return (null, problem);
        using (document)
        {
            var fields = new JsonFields(document.RootElement, known);
            var (target, field) = Target(fields);
            var request = new StateRequest(target, field, readInto(fields), Name(fields), KeepsSecrets(fields));
            return fields.Problems.Count == 0
                ? (request, null)
                : (null, ApiProblem.OfFields(fields.Problems));
        }
    }

    private (RestoreTarget Target, string Field) Target(JsonFields fields)
    {
        if (fields.Text("txid") is { } txid)
        {
            if (fields.Text("at") is not null)
                fields.Refuse("txid", "validation_ambiguous", "Give a moment (at) or a transaction (txid), not both.");
            return (At(fields, txid), "txid");
        }

        return fields.Text("at") is { } at ? (At(fields, at, time.GetUtcNow()), "at") : (RestoreTarget.Newest, "at");
    }

    /// <summary>Digits may be left out in front and be of either case: what people copy from logs.</summary>
    private static RestoreTarget At(JsonFields fields, string text)
    {
        if (text.Length is > 0 and <= Txid.TextLength
            && Txid.TryParse(text.ToLowerInvariant().PadLeft(Txid.TextLength, '0'), out var txid) && txid != Txid.None)
            return RestoreTarget.At(txid);
        fields.Refuse("txid", "validation_invalid_format", "Must be a transaction id: 1 to 16 hexadecimal digits.");
        return default;
    }

    /// <summary>A moment includes the transactions of its own millisecond, the unit of their times.</summary>
    private static RestoreTarget At(JsonFields fields, string text, DateTimeOffset now)
    {
        var hasZone = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        if (!hasZone || !DateTimeOffset.TryParseExact(
            text, MomentFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            fields.Refuse(
                "at", "validation_invalid_format", "Must be a moment of RFC 3339, such as 2026-01-31T23:59:59.999Z.");
            return default;
        }

        if (moment > now)
            fields.Refuse("at", "validation_out_of_range", "Lies in the future; there is nothing of then yet.");
        return RestoreTarget.Before(
            DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds()).AddMilliseconds(1));
    }

    private static TenantId? Into(JsonFields fields, TenantId source)
    {
        var into = TenantRules.Id(fields, "into");
        if (into == source) fields.Refuse("into", "validation_invalid_choice", "Is the tenant itself.");
        return into;
    }

    private static bool KeepsSecrets(JsonFields fields)
    {
        var text = fields.Text("secrets");
        if (text is not (null or "new" or "keep"))
            fields.Refuse("secrets", "validation_invalid_choice", "Must be new or keep.");
        return text == "keep";
    }

    private static string? Name(JsonFields fields)
    {
        if (fields.Text("name") is not { } text) return null;
        if (BackupName.TryParse(text, out var name)) return name;
        fields.Refuse("name", "validation_invalid_format", $"The name {BackupName.Rule}.");
        return null;
    }
}

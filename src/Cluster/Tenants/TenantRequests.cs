using Microsoft.AspNetCore.Http;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Http;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>Reads and checks what the tenants' API is asked: every mistake at its field, all at once.</summary>
internal sealed class TenantRequests(TenantRules rules, Durability defaultDurability, int bodyBytesMax)
{
    private static readonly string[] QueryNames = ["page", "perPage", "search", "status", "sort"];

    private static readonly (string Name, TenantSort Sort)[] Sorts =
        [("id", TenantSort.Id), ("created", TenantSort.Created), ("updated", TenantSort.Updated)];

    public static TenantRequests For(PlatformOptions options) => new(
        new TenantRules(options.Gateway.BaseDomain), options.TenantNode.Durability, options.Http.AdminBodyBytesMax);

    /// <summary>Whether a deletion is for good.</summary>
    public static (bool IsPurge, ApiProblem? Problem) ReadPurge(IQueryCollection query)
    {
        var fields = new QueryFields(query, ["purge"]);
        return (fields.Flag("purge"), fields.Problem);
    }

    public async Task<(CreateTenantRequest? Request, ApiProblem? Problem)> ReadCreateAsync(HttpContext context)
    {
        var (document, problem) = await JsonBody.ReadAsync(context, bodyBytesMax);
        if (document is null) return (null, problem);
        using (document)
        {
            var fields = new JsonFields(
                document.RootElement, "id", "domains", "durability", "quotas", "metadata", "superuser");
            var draft = new TenantDraft
            {
                Id = TenantRules.Id(fields),
                Domains = rules.Domains(fields),
                Durability = TenantRules.Durability(fields, defaultDurability),
                Quotas = TenantRules.Quotas(fields),
                Metadata = TenantRules.Metadata(fields),
            };
            var request = new CreateTenantRequest(draft, TenantRules.Superuser(fields));
            return fields.Problems.Count == 0 ? (request, null) : (null, Refusal(fields));
        }
    }

    /// <summary>
    /// The change that a body asks for. A field that is absent stays; null means the default. What a client cannot
    /// change may be sent back as it was read: <c>updated</c> then guards against a change by somebody else.
    /// </summary>
    public async Task<(Func<TenantDescriptor, RegistryAnswer>? Change, ApiProblem? Problem)> ReadUpdateAsync(
        HttpContext context, TenantId id)
    {
        var (document, problem) = await JsonBody.ReadAsync(context, bodyBytesMax);
        if (document is null) return (null, problem);
        using (document)
        {
            var fields = new JsonFields(
                document.RootElement, "domains", "durability", "quotas", "metadata",
                "id", "status", "created", "updated", "node", "url", "storage");
            RefuseChange(fields, "id", id.Value);
            var domains = fields.Has("domains") ? rules.Domains(fields) : null;
            Durability? durability =
                fields.Has("durability") ? TenantRules.Durability(fields, defaultDurability) : null;
            var quotas = fields.Has("quotas") ? TenantRules.Quotas(fields) : null;
            var metadata = fields.Has("metadata") ? TenantRules.Metadata(fields) : null;
            var status = fields.Text("status");
            var updated = fields.Text("updated");
            if (fields.Problems.Count > 0) return (null, Refusal(fields));
            return (Change, null);

            RegistryAnswer Change(TenantDescriptor present)
            {
                if (present.Status == TenantStatus.Deleted) return RegistryProblems.IsDeleted(id);
                if (updated is not null && updated != TenantJson.Format(present.Updated))
                    return RegistryProblems.ChangedMeanwhile(id);
                if (status is not null && status != TenantJson.NameOf(present.Status))
                    return ApiProblem.OfField(
                        400, ApiProblem.InvalidFields, "status", "validation_read_only",
                        "Is changed by deleting and restoring the tenant.");
                return present with
                {
                    Domains = domains ?? present.Domains,
                    Durability = durability ?? present.Durability,
                    Quotas = quotas ?? present.Quotas,
                    Metadata = metadata ?? present.Metadata,
                };
            }
        }
    }

    public async Task<(SuperuserAccount? Account, ApiProblem? Problem)> ReadSuperuserAsync(HttpContext context)
    {
        var (document, problem) = await JsonBody.ReadAsync(context, bodyBytesMax);
        if (document is null) return (null, problem);
        using (document)
        {
            var fields = new JsonFields(document.RootElement, "email", "password");
            var account = TenantRules.Account(fields);
            return fields.Problems.Count == 0 ? (account, null) : (null, Refusal(fields));
        }
    }

    public static (TenantQuery? Query, ApiProblem? Problem) ReadQuery(IQueryCollection query)
    {
        var fields = new QueryFields(query, QueryNames, isGuessing: true);
        var sort = fields.Text("sort");
        var order = sort.TrimStart('-', '+');
        if (order.Length > 0 && !Sorts.Any(known => known.Name == order))
            fields.Refuse(
                "sort", "validation_invalid_choice",
                "Must be id, created or updated, with '-' before it for descending.");
        var (page, perPage) = fields.Page(TenantQuery.PerPageMax);
        var result = new TenantQuery
        {
            Page = page,
            PerPage = perPage,
            Search = fields.Text("search"),
            Status = Status(fields),
            Sort = Sorts.FirstOrDefault(known => known.Name == order).Sort,
            IsDescending = sort.StartsWith('-'),
        };
        return fields.Problem is { } problem ? (null, problem) : (result, null);
    }

    private static ApiProblem Refusal(JsonFields fields) => ApiProblem.OfFields(fields.Problems);

    private static void RefuseChange(JsonFields fields, string name, string present)
    {
        if (fields.Text(name) is { } text && text != present)
            fields.Refuse(name, "validation_read_only", $"Is '{present}' for the tenant's life.");
    }

    private static TenantStatus? Status(QueryFields fields)
    {
        switch (fields.Text("status"))
        {
            case "" or "created": return TenantStatus.Created;
            case "deleted": return TenantStatus.Deleted;
            case "all": return null;
            default:
                fields.Refuse("status", "validation_invalid_choice", "Must be created, deleted or all.");
                return null;
        }
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Platform.Cluster.Http;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;

namespace Platform.Cluster.Transfer;

/// <summary>What an import is asked for.</summary>
/// <param name="Tenant">The tenant that is to have the data.</param>
/// <param name="Replaces">True: also when it has some already.</param>
internal sealed record ImportRequest(TenantId Tenant, bool Replaces)
{
    private const string ReplaceName = "replace";

    /// <summary>Reads it from the path and the query.</summary>
    public static (ImportRequest? Request, ApiProblem? Problem) Read(HttpRequest request)
    {
        var problems = new Dictionary<string, FieldProblem>();
        var id = TenantRules.Id((string?)request.RouteValues["id"] ?? "", out var wrong);
        if (wrong is not null) problems["id"] = wrong;
        foreach (var name in request.Query.Keys.Where(name => name != ReplaceName))
            problems[name] = new("validation_unknown_field", "There is no such parameter.");
        var replace = request.Query[ReplaceName].ToString();
        if (replace is not ("" or "true" or "false"))
            problems[ReplaceName] = new("validation_invalid_choice", "Must be true or false.");
        return problems.Count == 0
            ? (new ImportRequest(id!.Value, replace == "true"), null)
            : (null, new ApiProblem(400, "The request holds invalid values.") { Fields = problems });
    }

    /// <summary>Lets the upload be larger than the listener's own limit, which is that of a tenant's requests.</summary>
    public static ApiProblem? Allow(HttpContext context, long bytesMax)
    {
        if (context.Request.ContentLength > bytesMax) return TransferProblems.TooLarge(bytesMax);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = bytesMax;
        return null;
    }
}

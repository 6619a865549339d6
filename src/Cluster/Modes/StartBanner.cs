using System.Globalization;
using Platform.Cluster.CommandLine;
using Platform.Cluster.Configuration.Options;

namespace Platform.Cluster.Modes;

/// <summary>The first thing that a stranger reads: where everything is and what to try next.</summary>
internal static class StartBanner
{
    public static string Compose(PlatformOptions options, AllInOneNode node)
    {
        var port = node.PublicUrl.Port;
        var host = options.Gateway.BaseDomain;
        var token = node.AdminToken.File is { } file ? $"$(cat {file})" : "TOKEN";
        var place = node.AdminToken.File ?? "as configured (platform.admin-token)";
        return string.Create(CultureInfo.InvariantCulture, $$$"""
            platform {{{PlatformCommand.Version}}}, all in one process

              Tenants      http://{tenant}.{{{host}}}:{{{port}}}
              Admin API    {{{node.PublicUrl}}}api/cp/tenants
              Health       {{{node.PublicUrl}}}ready
              Metrics      {{{node.PublicUrl}}}metrics{{{Internal(node)}}}
              Data         {{{options.DataFolder}}}
              Objects      {{{node.ObjectStoreDescription}}}
              Admin token  {{{place}}}

            Create a tenant, either way:
              pbm tenant create acme
              curl -X POST {{{node.PublicUrl}}}api/cp/tenants -H "Authorization: Bearer {{{token}}}" \
                -d '{"id":"acme","superuser":{"email":"admin@example.com","password":"a-long-password"}}'
            Then open http://acme.{{{host}}}:{{{port}}}/api/health . Stop with Ctrl+C.

            """);
    }

    private static string Internal(AllInOneNode node) =>
        node.InternalUrl is { } url ? $"{Environment.NewLine}  Internal     {url}" : "";
}

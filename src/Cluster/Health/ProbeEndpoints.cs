using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Http;
using Platform.Cluster.Membership;
using Platform.Cluster.Nodes;

namespace Platform.Cluster.Health;

/// <summary>
/// The probes that operators know from Akka.Management: <c>/alive</c>, <c>/ready</c>, <c>/cluster/members</c>.
/// </summary>
/// <param name="health">Readiness.</param>
/// <param name="node">This process.</param>
/// <param name="members">Of its cluster; null: it is alone.</param>
internal sealed class ProbeEndpoints(NodeHealth health, LocalNode node, ClusterMembers? members = null)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/alive", ["GET", "HEAD"], AnswerAliveAsync);
        routes.MapMethods("/ready", ["GET", "HEAD"], AnswerReadyAsync);
        routes.MapMethods("/cluster/members", ["GET", "HEAD"], AnswerMembersAsync);
    }

    private static Task AnswerAliveAsync(HttpContext context) => JsonAnswer.WriteAsync(context, 200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("status", "alive");
        writer.WriteEndObject();
    });

    private Task AnswerReadyAsync(HttpContext context)
    {
        var checks = health.Check();
        var isReady = checks.All(check => check.Problem is null);
        return JsonAnswer.WriteAsync(context, isReady ? 200 : 503, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("status", isReady ? "ready" : "not ready");
            writer.WriteStartObject("checks");
            foreach (var check in checks) writer.WriteString(check.Name, check.Problem ?? "ok");
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private Task AnswerMembersAsync(HttpContext context) => JsonAnswer.WriteAsync(context, 200, writer =>
    {
        if (members is not null)
        {
            members.Write(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("selfNode", node.Address);
        writer.WriteString("leader", node.Address);
        writer.WriteString("oldest", node.Address);
        writer.WriteStartArray("unreachable");
        writer.WriteEndArray();
        writer.WriteStartArray("members");
        writer.WriteStartObject();
        writer.WriteString("node", node.Address);
        writer.WriteString("nodeUid", node.Id);
        writer.WriteString("status", "Up");
        NodeJson.WriteRoles(writer, node.Roles);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}

using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;
using Platform.Messages.Identity;

namespace Platform.Cluster.Coordinator;

/// <summary>What a mover asks of nodes. Every failure is a reason in words: a move that fails is no error.</summary>
internal sealed class NodeCalls(NodeTable nodes, InternalClient client)
{
    /// <summary>Requests inside a tenant have the write deadline to end, its last writes as long to be stored.</summary>
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(35);

    private static readonly TimeSpan ResumeTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan StateTimeout = TimeSpan.FromSeconds(2);

    public Task<(string? Refusal, TenantAnswer? Answer)> PrepareAsync(
        string node, TenantId tenant, TimeSpan timeout, CancellationToken cancellationToken) =>
        AskAsync(node, tenant, 0, "prepare", timeout, cancellationToken);

    public Task<(string? Refusal, TenantAnswer? Answer)> ReleaseAsync(
        string node, TenantId tenant, long epoch, CancellationToken cancellationToken) =>
        AskAsync(node, tenant, epoch, "release", ReleaseTimeout, cancellationToken);

    /// <summary>Not to be cancelled: without it the node waits until its patience ends.</summary>
    public Task<(string? Refusal, TenantAnswer? Answer)> ResumeAsync(string node, TenantId tenant, long epoch) =>
        AskAsync(node, tenant, epoch, "resume", ResumeTimeout, CancellationToken.None);

    public Task<(string? Refusal, TenantAnswer? Answer)> OpenAsync(
        string node, TenantId tenant, long epoch, TimeSpan timeout, CancellationToken cancellationToken) =>
        AskAsync(node, tenant, epoch, "open", timeout, cancellationToken);

    public Task<(string? Refusal, TenantAnswer? Answer)> StateAsync(
        string node, TenantId tenant, long epoch, CancellationToken cancellationToken) =>
        AskAsync(node, tenant, epoch, "state", StateTimeout, cancellationToken);

    private async Task<(string? Refusal, TenantAnswer? Answer)> AskAsync(
        string node, TenantId tenant, long epoch, string verb, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (nodes.Find(node)?.Target is not { } there) return ($"the node '{node}' is down", null);
        try
        {
            var (status, body) = await client.PostAsync(
                NodeTenantEndpoints.UrlOf(there.Url, tenant, verb), new TenantCommand { Epoch = epoch },
                InternalJson.Default.TenantCommand, timeout, cancellationToken);
            return status switch
            {
                StatusCodes.Status204NoContent => default,
                StatusCodes.Status200OK =>
                    (null, JsonSerializer.Deserialize(body, InternalJson.Default.TenantAnswer)),
                _ => ($"the node '{node}' refused ({status}): {InternalClient.MessageOf(body)}", null),
            };
        }
        catch (HttpRequestException failure)
        {
            return ($"the node '{node}' did not answer: {failure.Message}", null);
        }
        catch (JsonException)
        {
            return ($"the node '{node}' answered something that cannot be read", null);
        }
    }
}

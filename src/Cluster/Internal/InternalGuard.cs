using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.Cluster.Http;
using Platform.Messages.Routing;

namespace Platform.Cluster.Internal;

/// <summary>
/// What processes of the cluster say to each other: on the internal listener only, and with the cluster's secret.
/// </summary>
internal sealed class InternalGuard(string secret, Func<HttpContext, bool> isInternal)
{
    private readonly byte[] _secret = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public bool Accepts(HttpContext context)
    {
        if (!isInternal(context)) return false;
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers[ForwardHeaders.Secret].ToString()));
        return CryptographicOperations.FixedTimeEquals(given, _secret);
    }

    public RequestDelegate Protect(RequestDelegate handler) => context => Accepts(context)
        ? handler(context)
        : JsonAnswer.WriteAsync(context, new ApiProblem(
            StatusCodes.Status403Forbidden,
            "This is for processes of the cluster: it needs the internal listener and the cluster's secret."));
}

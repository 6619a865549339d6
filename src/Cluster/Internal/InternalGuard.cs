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
    /// <summary>Longest secret that a header is compared with, in bytes: that of the configuration.</summary>
    private const int BytesMax = 1024;

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);

    public bool Accepts(HttpContext context)
    {
        if (!isInternal(context)) return false;
        Span<byte> given = stackalloc byte[BytesMax];

        // Whoever measures may learn how long the secret is, and nothing else.
        return Encoding.UTF8.TryGetBytes(context.Request.Headers[ForwardHeaders.Secret].ToString(), given, out var length)
            && CryptographicOperations.FixedTimeEquals(given[..length], _secret);
    }

    public RequestDelegate Protect(RequestDelegate handler) => context => Accepts(context)
        ? handler(context)
        : JsonAnswer.WriteAsync(context, new ApiProblem(
            StatusCodes.Status403Forbidden,
            "This is for processes of the cluster: it needs the internal listener and the cluster's secret."));
}

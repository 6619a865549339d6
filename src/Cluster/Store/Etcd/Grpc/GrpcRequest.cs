using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Platform.Cluster.Store.Etcd.Grpc;

/// <summary>The HTTP/2 side of a gRPC call (gRPC, doc/PROTOCOL-HTTP2.md).</summary>
internal static class GrpcRequest
{
    private static readonly MediaTypeHeaderValue ContentType = new("application/grpc");

    public static HttpRequestMessage Create(Uri server, string path, string? token, HttpContent content)
    {
        content.Headers.ContentType = ContentType;
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path))
        {
            // Also over plain TCP: no upgrade, the server is known to speak it.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));

        // etcd ends calls and watches of a member that has lost its leader, instead of leaving them hanging.
        request.Headers.TryAddWithoutValidation("hasleader", "true");
        if (token is not null) request.Headers.TryAddWithoutValidation("token", token);
        return request;
    }

    /// <summary>An answer without a body carries its status in the headers.</summary>
    /// <exception cref="GrpcStatusException">It is not "ok".</exception>
    public static void CheckHeaders(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            throw new GrpcStatusException(GrpcStatus.Unavailable, $"the server answered HTTP {(int)response.StatusCode}");
        if (response.Headers.NonValidated.Contains("grpc-status")) Check(response.Headers.NonValidated);
    }

    /// <exception cref="GrpcStatusException">The status at the end of the answer is not "ok".</exception>
    public static void CheckTrailers(HttpResponseMessage response)
    {
        if (response.Headers.NonValidated.Contains("grpc-status")) Check(response.Headers.NonValidated);
        else Check(response.TrailingHeaders.NonValidated);
    }

    private static void Check(HttpHeadersNonValidated headers)
    {
        if (!headers.TryGetValues("grpc-status", out var values)
            || !int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new GrpcStatusException(GrpcStatus.Unavailable, "the answer has no status");
        if (status == 0) return;
        var message = headers.TryGetValues("grpc-message", out var text) ? Uri.UnescapeDataString(text.ToString()) : "";
        throw new GrpcStatusException((GrpcStatus)status, message);
    }
}

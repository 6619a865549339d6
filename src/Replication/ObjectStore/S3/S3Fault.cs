using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;

namespace Platform.Replication.ObjectStore.S3;

/// <summary>What the errors of S3 servers and of the network mean for us and for an operator.</summary>
internal static class S3Fault
{
    /// <summary>
    /// Errors of a request: of the server, the SDK or the network. Everything else is a bug and passes.
    /// </summary>
    public static bool IsFault(Exception fault, CancellationToken cancellationToken) => fault switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AmazonClientException or AmazonServiceException or IOException or HttpRequestException => true,
        SocketException or TimeoutException => true,
        _ => false,
    };

    public static bool IsMissingObject(Exception fault) =>
        fault is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound } s3 && s3.ErrorCode != "NoSuchBucket";

    /// <summary>A range that begins behind the object's end.</summary>
    public static bool IsRangeBehindEnd(Exception fault) =>
        fault is AmazonS3Exception { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable };

    /// <summary>
    /// True when a conditional create may have stored the object in spite of the fault, or may have lost to another:
    /// the object must be read. 412 is the plain "it exists", which a repeated request of our own can also meet; 409 is
    /// AWS with two at once; 500 is what Ceph gives a loser now and then; no answer at all tells nothing.
    /// </summary>
    public static bool LeavesCreateOpen(Exception fault) =>
        fault is not AmazonServiceException { StatusCode: not 0 and var status }
        || status is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict
        || status >= HttpStatusCode.InternalServerError;

    public static ObjectStoreException From(string operation, string key, Exception fault)
    {
        var (isTransient, hint) = fault switch
        {
            AmazonServiceException { StatusCode: not 0 } answer => ExplainAnswer(answer),
            AmazonUnmarshallingException => (true, "The answer is not that of an S3 server: check the endpoint."),
            _ => ExplainNetwork(fault),
        };
        return new ObjectStoreException(operation, key, isTransient, hint, fault);
    }

    private static (bool IsTransient, string Hint) ExplainAnswer(AmazonServiceException fault) => fault.ErrorCode switch
    {
        "SignatureDoesNotMatch" or "InvalidAccessKeyId" or "ExpiredToken" or "InvalidToken" or "InvalidSecurity" =>
            (false, "The credentials are wrong or have expired: check access key and secret key."),
        "AccessDenied" or "AllAccessDisabled" or "AccountProblem" =>
            (false, "The credentials do not allow this: they need to get, put, list and delete objects of the bucket."),
        "NoSuchBucket" => (false, "The bucket does not exist: create it, or check its name and the endpoint."),
        "RequestTimeTooSkewed" => (false, "The clock of this machine is wrong."),
        "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" =>
            (false, "The bucket is in another region or at another endpoint."),
        "SlowDown" or "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "TooManyRequests" =>
            (true, "The server throttles us: it is asked to do more than it can or may."),
        "QuotaExceeded" => (true, "The quota of the bucket or its user is used up."),
        "NotImplemented" => (false, "The server lacks a feature that is needed: conditional writes (If-None-Match)."),
        "EntityTooLarge" => (false, "The object is larger than the server accepts."),
        var code => ExplainStatus(fault.StatusCode, code),
    };

    private static (bool IsTransient, string Hint) ExplainStatus(HttpStatusCode status, string? code) => status switch
    {
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable =>
            (true, "The server throttles us or is not available at the moment."),
        HttpStatusCode.RequestTimeout => (true, "The server did not get the request in time."),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            (false, "The credentials are wrong or do not allow this."),
        HttpStatusCode.Conflict => (true, "Another request changes the same object."),
        >= HttpStatusCode.InternalServerError => (true, $"The server failed ({(int)status} {code})."),
        _ => (false, $"The server refused the request ({(int)status} {code})."),
    };

    private static (bool IsTransient, string Hint) ExplainNetwork(Exception fault)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case TimeoutException or OperationCanceledException:
                    return (true, "The server did not answer in time.");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }:
                    return (true, "The server's host name is not known: check the endpoint.");
                case SocketException:
                    return (true, "The server is not reachable: check the endpoint and the network.");
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }:
                    return (false, "No secure connection: check the server's certificate and the endpoint's scheme.");
            }
        }

        return fault is AmazonClientException
            ? (false, "The request could not be made: check that there are credentials.")
            : (true, "The connection to the server broke.");
    }
}

using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Net;

namespace Platform.TenantShard.Settings;

/// <summary>
/// <c>POST /api/settings/test/s3</c>, for superusers: writes and removes a small object with the S3 settings of the
/// tenant. The platform keeps files in its own object storage; the test says whether the settings would work.
/// </summary>
internal static class TestS3
{
    private const string Failure = "Failed to test the S3 filesystem.";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public static void Map(RouteTable routes) => routes.Map("POST", "/api/settings/test/s3", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var form = new FormReader(await context.ReadBodyAsync());
        var filesystem = form.Text("filesystem");
        if (filesystem is not ("" or "storage" or "backups"))
            form.Errors.Add("filesystem", new FieldError("validation_in_invalid", "Must be a valid value."));
        form.ThrowIfAny();
        var settings = await context.Shard.ReadAsync(
            0, static (scope, _) => SettingsStore.Read(scope.Connection), context.Aborted);
        var section = filesystem == "storage" ? settings.Section("s3") : settings.Section("backups")["s3"]!.AsObject();
        if (!section["enabled"]!.GetValue<bool>())
            throw ApiException.BadRequest($"{Failure} Raw error: S3 {filesystem} filesystem is not enabled.");
        await TestAsync(context, section);
        JsonResponse.SendNoContent(context.Http);
    }

    private static async Task TestAsync(ApiContext context, JsonObject section)
    {
        using var limit = new CancellationTokenSource(Timeout, context.Shard.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.Aborted);
        try
        {
            using var transport = new OutboundS3Transport(context.Services.Outbound);
            using var client = Open(section, transport);
            var bucket = Text(section, "bucket");
            var key = $"pb_settings_test_{RandomNumberGenerator.GetHexString(10, lowercase: true)}/test.txt";
            await client.PutObjectAsync(
                new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = "test" }, either.Token);
            await client.DeleteObjectAsync(bucket, key, either.Token);
        }
        catch (AmazonServiceException error)
        {
            var reason = error.ErrorCode is { Length: > 0 } code ? code : "no answer";
            throw new ApiException(400, $"{Failure} Raw error: {reason}.", cause: error);
        }
        catch (Exception error) when (error is HttpRequestException or OutboundRefusedException or UriFormatException
            or AmazonClientException or ArgumentException or System.Net.Sockets.SocketException
            || (error is OperationCanceledException && !context.Aborted.IsCancellationRequested))
        {
            throw new ApiException(400, $"{Failure} Raw error: the endpoint cannot be reached.", cause: error);
        }
    }

    private static AmazonS3Client Open(JsonObject section, OutboundS3Transport transport)
    {
        var endpoint = Text(section, "endpoint");
        if (!endpoint.Contains("://", StringComparison.Ordinal)) endpoint = "https://" + endpoint;
        var config = new AmazonS3Config
        {
            HttpClientFactory = transport,
            ServiceURL = endpoint,
            AuthenticationRegion = Text(section, "region"),
            ForcePathStyle = section["forcePathStyle"]!.GetValue<bool>(),
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 0,
            UseHttp = endpoint.StartsWith("http://", StringComparison.OrdinalIgnoreCase),
        };
        return new AmazonS3Client(
            new BasicAWSCredentials(Text(section, "accessKey"), Text(section, "secret")), config);
    }

    private static string Text(JsonObject section, string name) => section[name]!.GetValue<string>();
}

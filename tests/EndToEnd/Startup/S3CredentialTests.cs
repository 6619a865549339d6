using Platform.EndToEnd.Tests.Durability;
using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Startup;

/// <summary>An object store that refuses stops the start, with its reason and without the secret.</summary>
[Collection(S3Collection.Name)]
public sealed class S3CredentialTests(S3Fixture s3)
{
    private const string WrongSecret = "certainly-not-the-secret";

    [Fact]
    public async Task Wrong_credentials_are_said_without_the_secret()
    {
        var bucket = await s3.Server.CreateBucketAsync();
        var error = await RefusedAsync(bucket, WrongSecret);
        Assert.Contains(bucket, error, StringComparison.Ordinal);
        Assert.Contains("The credentials are wrong", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_does_not_exist_is_named()
    {
        var error = await RefusedAsync("no-such-bucket", s3.Server.SecretKey);
        Assert.Contains("no-such-bucket", error, StringComparison.Ordinal);
    }

    private async Task<string> RefusedAsync(string bucket, string secretKey)
    {
        using var folder = new TempFolder();
        var settings = s3.Settings(bucket, secretKey, ("data-dir", folder["data"]), ("http.listen", "127.0.0.1:0"));
        var arguments = StartRefusalTests.Serve([.. settings.Values.Select(value => $"platform.{value.Key}={value.Value}")]);
        var result = await Command.RunAsync(BuiltProgram.Platform, arguments, settings.Environment);
        StartRefusalTests.AssertSaid(result, 1);
        Assert.DoesNotContain(secretKey, result.Error + result.Output, StringComparison.Ordinal);
        return result.Error;
    }
}

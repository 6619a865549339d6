using Platform.Testing.ObjectStores;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Durability;

/// <summary>A real S3 server and platforms that keep their objects in it.</summary>
public sealed class S3Fixture : IAsyncLifetime
{
    /// <summary>The server.</summary>
    public S3Server Server { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => Server = await S3Server.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Server.DisposeAsync();

    internal async Task<PlatformProcess> StartPlatformAsync(params (string Key, string Value)[] settings) =>
        await PlatformProcess.StartAsync(Settings(await Server.CreateBucketAsync(), Server.SecretKey, settings));

    internal PlatformSettings Settings(string bucket, string secretKey, params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string>
        {
            ["object-store.kind"] = "s3",
            ["object-store.s3.endpoint"] = Server.Endpoint.ToString(),
            ["object-store.s3.region"] = Server.Region,
            ["object-store.s3.bucket"] = bucket,
        };
        foreach (var (key, value) in settings) values[key] = value;
        return new PlatformSettings
        {
            Values = values,
            Environment = new Dictionary<string, string>
            {
                ["PLATFORM_OBJECT_STORE_S3_ACCESS_KEY"] = Server.AccessKey,
                ["PLATFORM_OBJECT_STORE_S3_SECRET_KEY"] = secretKey,
            },
        };
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Differential.Tests.Data;
using Platform.Testing.Processes;

namespace Platform.Differential.Tests.Support;

/// <summary>
/// The real PocketBase and the platform side by side, both with the collections and records of <see cref="BlogSchema"/>
/// under the same ids.
/// </summary>
public sealed class Peers : IAsyncLifetime
{
    private const string Tenant = "twin";

    private PocketBaseProcess _pocketBaseProcess = null!;
    private PlatformProcess _platformProcess = null!;

    internal Peer PocketBase { get; private set; } = null!;

    internal Peer Platform { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var starting = PlatformProcess.StartAsync();
        _pocketBaseProcess = await PocketBaseProcess.StartAsync();
        _platformProcess = await starting;
        PocketBase = new Peer("PocketBase", _pocketBaseProcess.Url);
        await PocketBase.SignInAsync(
            ApiCall.Superuser, "api/admins/auth-with-password", PocketBaseProcess.AdminEmail, PocketBaseProcess.AdminPassword);
        Platform = await CreateTenantAsync(_platformProcess);
        foreach (var collection in BlogSchema.Collections) await CreateCollectionAsync(collection);
        await BlogRecords.CreateAsync(this);
        foreach (var user in BlogRecords.Users)
            await SignInAsync(user, "members", $"{user}@example.com", BlogRecords.Password);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        PocketBase?.Dispose();
        Platform?.Dispose();
        if (_pocketBaseProcess is not null) await _pocketBaseProcess.DisposeAsync();
        if (_platformProcess is not null) await _platformProcess.DisposeAsync();
    }

    /// <summary>Signs a record of an auth collection in, with both.</summary>
    internal Task SignInAsync(string who, string collection, string identity, string password)
    {
        var path = $"api/collections/{collection}/auth-with-password";
        return Task.WhenAll(
            PocketBase.SignInAsync(who, path, identity, password), Platform.SignInAsync(who, path, identity, password));
    }

    /// <summary>Creates a collection, described in the words of the current line, in both.</summary>
    internal async Task CreateCollectionAsync(string json)
    {
        var collection = JsonNode.Parse(json)!.AsObject();
        await PocketBase.MustAsync(new ApiCall("POST", "api/collections", LegacySchema.Of(collection).ToJsonString()));
        AddDates(collection);
        await Platform.MustAsync(new ApiCall("POST", "api/collections", collection.ToJsonString()));
    }

    /// <summary>The same, unless a test of the class before did so.</summary>
    internal async Task CreateCollectionOnceAsync(string json)
    {
        var path = "api/collections/" + JsonNode.Parse(json)!["name"]!.GetValue<string>();
        if ((await Platform.SendAsync(new ApiCall("GET", path))).Status != 200) await CreateCollectionAsync(json);
    }

    /// <summary>Creates a record that both must accept.</summary>
    internal async Task CreateRecordAsync(string collection, JsonObject record)
    {
        var call = new ApiCall("POST", $"api/collections/{collection}/records", record.ToJsonString());
        await Task.WhenAll(PocketBase.MustAsync(call), Platform.MustAsync(call));
    }

    /// <summary>How long each has worked on its requests, to see which of them makes a test slow.</summary>
    internal string Times => $"PocketBase {PocketBase.Busy.TotalSeconds:F1} s, platform {Platform.Busy.TotalSeconds:F1} s";

    /// <summary>Sends a request to both; what differs, or null.</summary>
    internal Task<string?> CompareAsync(ApiCall call) => CompareAsync(call, call);

    /// <summary>Sends each its own words for the same request; what differs, or null.</summary>
    internal async Task<string?> CompareAsync(ApiCall call, ApiCall platformCall)
    {
        var answers = await Task.WhenAll(PocketBase.SendAsync(call), Platform.SendAsync(platformCall));
        var (expected, actual) = Normalisation.OfBoth(answers[0], answers[1]);
        var difference = JsonDifference.Find(expected, actual);
        return difference is null
            ? null
            : $"{call}\n  {difference}\n  PocketBase: {answers[0]}\n  platform:   {answers[1]}";
    }

    /// <summary>Sends requests to both, one after the other; all answers must be the same.</summary>
    internal async Task AssertAllSameAsync(IEnumerable<ApiCall> calls)
    {
        var differences = new List<string>();
        var count = 0;
        foreach (var call in calls)
        {
            count++;
            if (await CompareAsync(call) is { } difference) differences.Add(difference);
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {count} differ.\n{string.Join("\n\n", differences)}");
    }

    /// <summary>Every record of 0.22 has these two; in the current line they are fields like any other.</summary>
    private static void AddDates(JsonObject collection)
    {
        if (collection["fields"] is not JsonArray fields) return;
        fields.Add(new JsonObject { ["name"] = "created", ["type"] = "autodate", ["onCreate"] = true });
        fields.Add(new JsonObject { ["name"] = "updated", ["type"] = "autodate", ["onCreate"] = true, ["onUpdate"] = true });
    }

    private static async Task<Peer> CreateTenantAsync(PlatformProcess process)
    {
        const string Email = "admin@example.com";
        const string Password = "a-long-password";
        using var admin = new Peer("operator", process.Url);
        admin.SetToken("operator", $"Bearer {process.AdminToken}");
        var tenant = JsonSerializer.Serialize(
            new { id = Tenant, durability = "local", superuser = new { email = Email, password = Password } });
        await admin.MustAsync(new ApiCall("POST", "api/cp/tenants", tenant, As: "operator"));
        var peer = new Peer("platform", process.TenantUrl(Tenant));
        await peer.SignInAsync(
            ApiCall.Superuser, "api/collections/_superusers/auth-with-password", Email, Password);
        return peer;
    }
}

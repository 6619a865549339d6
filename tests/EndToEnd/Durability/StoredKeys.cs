using System.Net;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Durability;

/// <summary>What a tenant says that it has.</summary>
internal static class StoredKeys
{
    private const int PageLength = 1000;

    /// <summary>Reads all keys through the API, page after page by the key itself.</summary>
    public static async Task<HashSet<string>> ReadAsync(PlatformProcess platform, string tenant, string collection)
    {
        using var client = new ApiClient(platform.TenantUrl(tenant));
        var keys = new HashSet<string>();
        for (var last = ""; ;)
        {
            var filter = Uri.EscapeDataString($"id > \"{last}\"");
            var answer = await client.GetAsync(
                $"api/collections/{collection}/records?perPage={PageLength}&skipTotal=1&sort=id&fields=id,key&filter={filter}");
            var items = answer.Expect(HttpStatusCode.OK).Json.GetProperty("items");
            foreach (var item in items.EnumerateArray())
            {
                Assert.True(keys.Add(item.GetProperty("key").GetString()!), $"twice: {item}");
                last = item.GetProperty("id").GetString()!;
            }

            if (items.GetArrayLength() < PageLength) return keys;
        }
    }
}

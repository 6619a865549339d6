using System.Text;
using System.Text.Json.Nodes;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Settings;
using Platform.TenantShard.Tests.Collections;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Settings;

public sealed class SettingsTests
{
    [Fact]
    public void Settings_of_a_real_app_are_written_back_as_they_were()
    {
        using var vectors = new VectorDatabase();
        using var row = vectors.Connection.Prepare("SELECT value FROM _params WHERE id = 'settings'");
        Assert.True(row.Step());
        var stored = JsonNode.Parse(row.Utf8(0))!.ToJsonString();

        SettingsStore.Write(vectors.Connection, SettingsStore.Read(vectors.Connection), "now");

        row.Reset();
        Assert.True(row.Step());
        Assert.Equal(stored, JsonNode.Parse(row.Utf8(0))!.ToJsonString());
    }

    [Fact]
    public void A_tenant_without_stored_settings_has_the_defaults()
    {
        using var database = new TenantDatabase();

        var settings = SettingsStore.Read(database.Connection);

        Assert.Equal(("Acme", "http://localhost:8090"), (settings.AppName, settings.AppUrl));
    }

    [Fact]
    public void A_change_keeps_all_else_and_secrets_are_stored_but_never_shown()
    {
        using var database = new TenantDatabase();

        database.Run(new UpdateSettings(TenantDatabase.Json("""
            {"meta":{"appName":"Blog"},"smtp":{"password":"geheim"},"s3":{"secret":"tief"},"unknown":1,"logs":null}
            """), TenantDatabase.Clock));
        var settings = database.Run(
            new UpdateSettings(TenantDatabase.Json("""{"batch":{"enabled":true}}"""), TenantDatabase.Clock));

        Assert.Equal("Blog", settings.AppName);
        var stored = database.Scalar("SELECT value FROM _params");
        Assert.Contains("geheim", stored, StringComparison.Ordinal);
        Assert.Contains("tief", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown", stored, StringComparison.Ordinal);
        var shown = Encoding.UTF8.GetString(CollectionJson.ToBytes(settings, TenantSettings.WriteShown));
        Assert.DoesNotContain("geheim", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("tief", shown, StringComparison.Ordinal);
        Assert.Contains("\"enabled\":true,\"maxRequests\":50", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"meta":{"appName":""}}""", "meta.appName", "validation_required")]
    [InlineData("""{"meta":{"accentColor":"red;}"}}""", "meta.accentColor", "validation_match_invalid")]
    [InlineData("""{"meta":{"hideControls":"yes"}}""", "meta.hideControls", "validation_invalid_type")]
    [InlineData("""{"backups":{"cron":"61 * * * *"}}""", "backups.cron", "validation_invalid_cron")]
    [InlineData("""{"logs":{"minLevel":"all"}}""", "logs.minLevel", "validation_invalid_type")]
    [InlineData("""{"trustedProxy":{"useLeftmostIP":1}}""", "trustedProxy.useLeftmostIP", "validation_invalid_type")]
    [InlineData("""{"meta":{"appName":5}}""", "meta.appName", "validation_invalid_type")]
    [InlineData("""{"meta":{"appURL":"nope"}}""", "meta.appURL", "validation_is_url")]
    [InlineData("""{"meta":{"senderAddress":"nope"}}""", "meta.senderAddress", "validation_is_email")]
    [InlineData("""{"meta":5}""", "meta", "validation_invalid_type")]
    [InlineData("""{"smtp":{"enabled":true,"host":""}}""", "smtp.host", "validation_required")]
    [InlineData("""{"smtp":{"host":"a b"}}""", "smtp.host", "validation_is_host")]
    [InlineData("""{"smtp":{"port":70000}}""", "smtp.port", "validation_max_less_equal_than_required")]
    [InlineData("""{"smtp":{"authMethod":"X"}}""", "smtp.authMethod", "validation_in_invalid")]
    [InlineData("""{"s3":{"enabled":true,"bucket":"b"}}""", "s3.secret", "validation_required")]
    [InlineData("""{"backups":{"s3":{"enabled":true}}}""", "backups.s3.bucket", "validation_required")]
    [InlineData("""{"backups":{"cron":"often"}}""", "backups.cron", "validation_invalid_cron")]
    [InlineData("""{"backups":{"cron":"0 0 * * *","cronMaxKeep":0}}""", "backups.cronMaxKeep", "validation_min_greater_equal_than_required")]
    [InlineData("""{"batch":{"enabled":true,"maxRequests":0}}""", "batch.maxRequests", "validation_min_greater_equal_than_required")]
    [InlineData("""{"batch":{"timeout":1.5}}""", "batch.timeout", "validation_invalid_type")]
    [InlineData("""{"logs":{"maxDays":-1}}""", "logs.maxDays", "validation_min_greater_equal_than_required")]
    [InlineData("""{"rateLimits":{"rules":[{"label":"","duration":1,"maxRequests":1}]}}""", "rateLimits.rules.0.label", "validation_required")]
    [InlineData("""{"rateLimits":{"rules":[{"label":"a","duration":1}]}}""", "rateLimits.rules.0.maxRequests", "validation_min_greater_equal_than_required")]
    [InlineData("""{"rateLimits":{"rules":[{"label":"a","duration":1,"maxRequests":1},{"label":"a","duration":1,"maxRequests":1}]}}""", "rateLimits.rules.1.label", "validation_conflicting_rate_limit_rule")]
    [InlineData("""{"rateLimits":{"excludedIPs":["x"]}}""", "rateLimits.excludedIPs.0", "validation_is_ip")]
    [InlineData("""{"trustedProxy":{"headers":[5]}}""", "trustedProxy.headers.0", "validation_invalid_type")]
    [InlineData("""{"trustedProxy":{"headers":["X Y"]}}""", "trustedProxy.headers.0", "validation_match_invalid")]
    [InlineData("""{"superuserIPs":["10.0.0.0/99"]}""", "superuserIPs.0", "validation_is_ip")]
    [InlineData("""{"rateLimits":{"rules":[{"label":"get /x y","duration":1,"maxRequests":1}]}}""", "rateLimits.rules.0.label", "validation_match_invalid")]
    public void Bad_settings_are_refused_with_a_code_at_the_member(string body, string path, string code)
    {
        using var database = new TenantDatabase();

        var refusal = database.Refused(new UpdateSettings(TenantDatabase.Json(body), TenantDatabase.Clock));

        Assert.Equal(code, TenantDatabase.ErrorAt(refusal, path).Code);
        Assert.Empty(database.Rows("SELECT 1 FROM _params"));
    }

    [Fact]
    public async Task The_endpoints_are_for_superusers_and_show_no_secret()
    {
        await using var server = await ApiServer.StartAsync();
        Assert.Equal(401, (await server.SendAsync("GET", "/api/settings")).Status);
        Assert.Equal(401, (await server.SendAsync("PATCH", "/api/settings", "{}")).Status);
        var root = await server.SuperuserTokenAsync();

        var changed = await server.SendAsync("PATCH", "/api/settings", """{"meta":{"appName":"Blog"},"smtp":{"password":"x"}}""", root);
        Assert.True(changed.Status == 200, changed.Body);
        Assert.DoesNotContain("password", changed.Body, StringComparison.Ordinal);
        var view = await server.SendAsync("GET", "/api/settings?fields=meta.appName", token: root);
        Assert.Equal("""{"meta":{"appName":"Blog"}}""", view.Body);
        Assert.Equal(400, (await server.SendAsync("PATCH", "/api/settings", """{"meta":{"appName":""}}""", root)).Status);
    }
}

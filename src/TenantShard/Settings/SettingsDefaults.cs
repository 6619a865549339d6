using System.Text.Json.Nodes;

namespace Platform.TenantShard.Settings;

/// <summary>The settings of a new tenant. They also are the shape: what is not in here is no setting.</summary>
internal static class SettingsDefaults
{
    private const string S3 = """
        {"enabled":false,"bucket":"","region":"","endpoint":"","accessKey":"","secret":"","forcePathStyle":false}
        """;

    private const string Json = $$"""
        {
          "superuserIPs": [],
          "smtp": {
            "enabled": false, "port": 587, "host": "smtp.example.com", "username": "", "password": "",
            "authMethod": "", "tls": false, "localName": ""
          },
          "backups": { "cron": "", "cronMaxKeep": 3, "s3": {{S3}} },
          "s3": {{S3}},
          "meta": {
            "accentColor": "#1055c9", "appName": "Acme", "appURL": "http://localhost:8090",
            "senderName": "Support", "senderAddress": "support@example.com", "hideControls": false
          },
          "rateLimits": {
            "rules": [
              { "label": "*:auth", "audience": "", "duration": 3, "maxRequests": 2 },
              { "label": "*:create", "audience": "", "duration": 5, "maxRequests": 20 },
              { "label": "/api/batch", "audience": "", "duration": 1, "maxRequests": 3 },
              { "label": "/api/", "audience": "", "duration": 10, "maxRequests": 300 }
            ],
            "excludedIPs": [],
            "enabled": false
          },
          "trustedProxy": { "headers": [], "useLeftmostIP": false },
          "batch": { "enabled": false, "maxRequests": 50, "timeout": 3, "maxBodySize": 0 },
          "logs": { "maxDays": 5, "minLevel": 0, "logIP": true, "logAuthId": false }
        }
        """;

    /// <summary>A copy of its own.</summary>
    public static JsonObject New() => JsonNode.Parse(Json)!.AsObject();
}

using Platform.TenantShard.Files.Forms;

namespace Platform.TenantShard.Files;

/// <summary>What is known of a file in object storage. Files never change: their names are new each time.</summary>
internal sealed record StoredFile(string Key, long Size, DateTimeOffset Modified, ContentType Type);
